'use strict';

// Node's own modules take AsyncResource from node:async_hooks when they are loaded. Under
// `register` they get ours, and still work.

const assert = require('node:assert/strict');
const test = require('node:test');
const { runRegistered } = require('../helpers/register.js');

const STORAGE = `
  process.on('warning', (warning) => { throw warning; });
  const storage = new asyncHooks.AsyncLocalStorage();`;

test('EventEmitterAsyncResource works with our class', async () => {
  const { printed } = await runRegistered(`${STORAGE}
    const { EventEmitterAsyncResource } = require('node:events');
    const emitter = storage.run('made', () => new EventEmitterAsyncResource({ name: 'TEST' }));
    const seen = [];
    emitter.on('event', () => seen.push(storage.getStore(), asyncHooks.executionAsyncId()));
    storage.run('emits', () => emitter.emit('event'));
    const { asyncResource } = emitter;
    emitter.emitDestroy();
    print([seen[0], seen[1] === emitter.asyncId, asyncResource.eventEmitter === emitter,
      asyncResource instanceof asyncHooks.AsyncResource]);`);
  assert.deepEqual(printed, [['made', true, true, true]]);
});

test('requests that wait for a connection of an http.Agent keep their scopes', async () => {
  const { printed } = await runRegistered(`${STORAGE}
    const http = require('node:http');
    const agent = new http.Agent({ keepAlive: true, maxSockets: 2 });
    const server = http.createServer((request, response) => response.end(request.url));
    const get = (id) => new Promise((resolve, reject) => {
      storage.run(id, () => http.get({ agent, port: server.address().port, path: '/' + id },
        (response) => {
          const seen = [storage.getStore()];
          response.on('data', (data) => seen.push(+String(data).slice(1), storage.getStore()));
          response.on('end', () => resolve(seen.every((each) => each === id)));
        }).on('error', reject));
    });
    server.listen(0, '127.0.0.1', async () => {
      print((await Promise.all(Array.from({ length: 20 }, (_, id) => get(id)))).filter(Boolean));
      agent.destroy();
      server.close();
    });`);
  assert.deepEqual(printed, [Array(20).fill(true)]);
});

test('requests that wait for a session of node:http2 keep their scopes', async () => {
  const { printed } = await runRegistered(`${STORAGE}
    const http2 = require('node:http2');
    const server = http2.createServer((request, response) => response.end('ok'));
    server.listen(0, '127.0.0.1', () => {
      const client = http2.connect('http://127.0.0.1:' + server.address().port);
      // The session is not connected yet, so they are pending.
      const requests = [1, 2, 3].map((id) => storage.run(id, () => new Promise((resolve) => {
        const request = client.request();
        request.on('response', () => resolve([id, storage.getStore()]));
        request.resume();
      })));
      Promise.all(requests).then((seen) => {
        print(seen.filter(([id, store]) => id === store).length);
        client.close();
        server.close();
      });
    });`);
  assert.deepEqual(printed, [3]);
});

test('streams, diagnostics channels, queueMicrotask and readline keep their scopes', async () => {
  const { printed } = await runRegistered(`${STORAGE}
    const { finished, PassThrough } = require('node:stream');
    const channel = require('node:diagnostics_channel').channel('test');
    channel.bindStore(storage, ({ id }) => id);
    const lines = require('node:readline').createInterface({ input: new PassThrough() });
    const seen = {};
    storage.run('in', () => {
      const stream = new PassThrough();
      finished(stream, () => { seen.finished = storage.getStore(); });
      stream.end();
      stream.resume();
      queueMicrotask(() => { seen.microtask = storage.getStore(); });
      lines.question('', () => { seen.question = storage.getStore(); });
    });
    channel.runStores({ id: 'bound' }, () => { seen.channel = storage.getStore(); });
    storage.run('other', () => lines.input.end('answer\\n'));
    process.on('exit', () => print(seen));`);
  // The lines belong to their reader, which belongs to the source of the data.
  assert.deepEqual(printed, [
    { finished: 'in', microtask: 'in', channel: 'bound', question: 'other' },
  ]);
});

test('node:test works with our class', async () => {
  const { printed } = await runRegistered(
    `${STORAGE}
    const { test } = require('node:test');
    storage.run('registered', () => test('case', async (context) => {
      await context.test('inner', async () => {
        await null;
        storage.run('inner', () => print(storage.getStore()));
      });
    }));`,
    {
      args: ['--test-reporter=tap', '--test-reporter-destination=stderr'],
      env: { NODE_TEST_CONTEXT: '' }, // this process is itself a child of node:test
    },
  );
  assert.deepEqual(printed, ['inner']);
});
