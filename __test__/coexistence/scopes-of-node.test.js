'use strict';

// Our scopes and scopes that Node opens and closes, interleaved so that neither ends last: each
// ends with its own callback, and nothing of it reaches the next one.

const assert = require('node:assert/strict');
const http = require('node:http');
const net = require('node:net');
const vm = require('node:vm');
const { once, EventEmitterAsyncResource } = require('node:events');
const { AsyncResource: NodeResource } = require('node:async_hooks');
const { AsyncLocalStorage, AsyncResource } = require('../../index.js');
const { differs } = require('../helpers/engine.js');
const { suite } = require('../helpers/suite.js');
const { runScript } = require('../helpers/script.js');

const test = suite(__filename);
const storage = new AsyncLocalStorage();
const other = new AsyncLocalStorage();

test("run() restores after a scope of Node's class in which another storage entered", () => {
  storage.run('outer', () => {
    const resource = new NodeResource('TEST');
    resource.runInAsyncScope(() => other.run(1, () => other.enterWith(2)));
    assert.equal(storage.getStore(), 'outer');
  });
  assert.equal(storage.getStore(), undefined);
});

test('enterWith() in a pipelined request is not seen by the next request', async () => {
  const seen = [];
  const server = http.createServer((request, response) => {
    seen.push(storage.getStore());
    storage.enterWith(request.url);
    response.end();
  });
  await once(server.listen(0), 'listening');
  const client = net.connect(server.address().port);
  const request = (url, header) => `GET ${url} HTTP/1.1\r\nHost: test\r\n${header}\r\n`;
  client.write(request('/1', '') + request('/2', '') + request('/3', 'Connection: close\r\n'));
  await once(client.resume(), 'close');
  server.close();
  assert.deepEqual(
    seen,
    differs.enterWithSticksToResource ? [undefined, '/1', '/2'] : Array(3).fill(undefined),
  );
});

test('enterWith() in a listener of an EventEmitterAsyncResource ends with the emit', () => {
  const emitter = new EventEmitterAsyncResource({ name: 'TEST' });
  const seen = [];
  emitter.on('event', (id) => {
    seen.push(storage.getStore());
    storage.enterWith(id);
  });
  emitter.emit('event', 1);
  emitter.emit('event', 2);
  assert.deepEqual(seen, [undefined, differs.enterWithSticksToResource ? 1 : undefined]);
  assert.equal(storage.getStore(), undefined);
});

test('a microtask queue may be emptied inside a promise callback', () =>
  storage.run('outer', async () => {
    await null;
    vm.runInNewContext('Promise.resolve().then(() => {})', {}, { microtaskMode: 'afterEvaluate' });
    assert.equal(storage.getStore(), 'outer');
  }));

test('a resource of the type PROMISE need not be a promise', () => {
  const bound = storage.run('made', () => AsyncResource.bind(() => storage.getStore(), 'PROMISE'));
  assert.equal(bound(), 'made');
});

test('enterWith() in the main script is not seen by what has no scope', async () => {
  const { code, stdout, stderr } = await runScript(`
    const { AsyncLocalStorage } = require('async-hooks-rs');
    const net = require('node:net');
    const storage = new AsyncLocalStorage();
    const server = net.createServer((socket) => socket.on('data', () => {
      console.log('data', storage.getStore());
      socket.end();
      server.close();
    })).listen(0, () => net.connect(server.address().port).end('x'));
    process.on('exit', () => console.log('exit', storage.getStore()));
    storage.enterWith('main');
  `);
  assert.deepEqual(
    { code, stdout, stderr },
    { code: 0, stdout: 'data undefined\nexit undefined\n', stderr: '' },
  );
});

// Creates connections one after the other, each after an error that `schedule` throws in a scope.
const connectionsAfter = (schedules) =>
  runScript(`
  const { AsyncLocalStorage } = require('async-hooks-rs');
  const net = require('node:net');
  const storage = new AsyncLocalStorage();
  const schedules = [${schedules}];
  process.on('uncaughtException', () => next());
  const server = net.createServer((socket) => socket.on('data', () => {
    console.log(storage.getStore());
    socket.end();
  })).listen(0, () => next());
  function next() {
    net.connect(server.address().port, function() { this.end('x'); }).resume().on('close', () => {
      const schedule = schedules.shift();
      if (schedule === undefined) return server.close();
      storage.run('of the failed request', () => schedule(() => { throw new Error('failed'); }));
    });
  }
`);

test('after an uncaught exception, new connections begin in no scope', async () => {
  const { code, stdout, stderr } = await connectionsAfter([
    'setTimeout',
    'setImmediate',
    'queueMicrotask',
  ]);
  assert.deepEqual(
    { code, stdout, stderr },
    { code: 0, stdout: 'undefined\n'.repeat(4), stderr: '' },
  );
});

test('after an error thrown in a tick, new connections begin in no scope', async () => {
  const { stdout } = await connectionsAfter(['process.nextTick']);
  const after = differs.failedScopeStays ? 'of the failed request' : 'undefined';
  assert.equal(stdout, `undefined\n${after}\n`);
});

test('a stack overflow right after the first scope is caught', async () => {
  const { code, stdout } = await runScript(`
    const { AsyncLocalStorage } = require('async-hooks-rs');
    new AsyncLocalStorage().run(1, () => {});
    const recurse = () => { new Promise(() => {}); recurse(); };
    try { recurse(); } catch (error) { console.log(error.name); }
  `);
  assert.deepEqual({ code, stdout }, { code: 0, stdout: 'RangeError\n' });
});

test('a context whose storages are evaluated with a process object of its own', async () => {
  const { code, stdout, stderr } = await runScript(`
    const { AsyncLocalStorage } = require('./__test__/fixtures/other-realm.js')('index.js');
    const { executionAsyncId } = require('node:async_hooks');
    const storage = new AsyncLocalStorage();
    process.on('unhandledRejection', () => console.log('handler', storage.getStore()));
    storage.run('made', async () => {
      await null;
      console.log('tracked', executionAsyncId() !== 0);
      Promise.reject(new Error('nobody handles it'));
    });
  `);
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
  assert.match(stdout, /handler made\n/);
});
