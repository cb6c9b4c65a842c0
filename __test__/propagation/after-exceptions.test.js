'use strict';

// After an uncaught exception that the program survives, later callbacks without a scope of their
// own are not in the failed scope, and callbacks with a scope keep it. One process for each kind of
// failure, because it may leave traces only once.

const assert = require('node:assert/strict');
const { test } = require('node:test');
const { differs } = require('../helpers/engine.js');
const { runProgram } = require('../helpers/program.js');

// Each runs in the scope 'failed'.
const failures = {
  'a microtask': 'queueMicrotask(fail)',
  'two microtasks': 'queueMicrotask(fail); queueMicrotask(fail)',
  'a microtask of a microtask': 'queueMicrotask(() => queueMicrotask(fail))',
  'a microtask of a reaction': 'Promise.resolve().then(() => queueMicrotask(fail))',
  'run() in a microtask': 'queueMicrotask(() => storage.run("inner", fail))',
  'a microtask after enterWith()':
    'queueMicrotask(() => { storage.enterWith("entered"); fail(); })',
  'a tick': 'process.nextTick(fail)',
  'a tick after enterWith()': 'process.nextTick(() => { storage.enterWith("entered"); fail(); })',
  'a timer': 'setTimeout(fail, 1); setTimeout(() => {}, 1)',
  'an immediate': 'setImmediate(fail); setImmediate(() => {})',
  'a listener': 'setImmediate(() => new EventEmitter().on("e", fail).emit("e"))',
  'an error event without a listener': 'setImmediate(() => new EventEmitter().emit("error"))',
  'a listener of an EventTarget':
    'const target = new EventTarget(); ' +
    'target.addEventListener("e", fail); target.dispatchEvent(new Event("e"))',
  'a listener of a MessagePort':
    'const { port1, port2 } = new MessageChannel(); ' +
    'port2.once("message", () => { port2.close(); fail(); }); port1.postMessage(1)',
  'a subscriber of a channel':
    'const channel = diagnostics.channel("test"); ' +
    'channel.subscribe(fail); channel.publish({})',
  'the scope of a resource': 'setImmediate(() => new AsyncResource("T").runInAsyncScope(fail))',
  'a callback of fs': 'fs.stat(".", fail)',
  'a reaction': 'Promise.resolve().then(fail)',
  'an async function': '(async () => { await null; fail(); })()',
  'the then() of a thenable': 'Promise.resolve({ then: fail })',
};

async function program(source) {
  const { AsyncLocalStorage, AsyncResource } = require('async-hooks-rs');
  const { EventEmitter } = require('node:events');
  const diagnostics = require('node:diagnostics_channel');
  const fs = require('node:fs');
  const net = require('node:net');
  const storage = new AsyncLocalStorage();
  const wrong = [];
  const begin = new Function(
    'storage',
    'AsyncResource',
    'EventEmitter',
    'diagnostics',
    'fs',
    'fail',
    source,
  );
  const fail = () => {
    throw new Error('expected');
  };
  const thenable = (look) => ({
    then(resolve) {
      look?.();
      resolve();
    },
  });
  const turn = () => new Promise((resolve) => setImmediate(resolve));

  // Looks into every kind of continuation that begins now, and into those that these begin.
  const watch = (label, expected, depth = 1) => {
    const pending = [];
    const look = (kind, register) =>
      pending.push(
        new Promise((resolve) => {
          register(() => {
            const found = storage.getStore();
            if (found !== expected) wrong.push(`${label}, ${kind}: ${found}`);
            resolve(depth > 0 && watch(`${label}, ${kind}`, expected, depth - 1));
          });
        }),
      );
    // First, because it comes right after a failed microtask.
    look('then()', (check) => {
      Promise.resolve().then(check);
    });
    look('microtask', (check) => queueMicrotask(check));
    look('tick', (check) => process.nextTick(check));
    look('await', async (check) => {
      await null;
      check();
    });
    look('await of a thenable', async (check) => {
      await thenable();
      check();
    });
    look('then() of a thenable', (check) => {
      Promise.resolve(thenable(check));
    });
    look('timer', (check) => setTimeout(check, 1));
    look('immediate', (check) => setImmediate(check));
    look('fs', (check) => fs.stat('.', check));
    return Promise.all(pending);
  };

  const failed = new Promise((resolve) => {
    process.on('uncaughtException', ({ message, code }) => {
      if (message !== 'expected' && code !== 'ERR_UNHANDLED_ERROR') wrong.push(message);
      resolve();
    });
  });
  const server = net.createServer((socket) => {
    const found = storage.getStore();
    if (found !== undefined) wrong.push(`connection: ${found}`);
    socket.on('data', () => {
      if (storage.getStore() !== undefined) wrong.push(`data: ${storage.getStore()}`);
      socket.end();
    });
  });
  await new Promise((resolve) => server.listen(0, resolve));
  const before = [watch('begun before', undefined)];
  await turn();
  // From a callback in no scope: work that is queued beside the failure, and runs right after it.
  const during = await new Promise((resolve) =>
    setImmediate(() => {
      const first = watch('beside', undefined);
      storage.run('other', () => before.push(watch('other', 'other')));
      storage.run('failed', () =>
        begin(storage, AsyncResource, EventEmitter, diagnostics, fs, fail),
      );
      resolve([first, watch('right after', undefined)]);
    }),
  );
  await failed;
  await Promise.all([...before, ...during, watch('afterwards', undefined)]);
  await new Promise((resolve) => {
    net
      .connect(server.address().port, function () {
        this.end('x');
      })
      .resume()
      .on('close', resolve);
  });
  await new Promise((resolve) => server.close(resolve));
  await watch('at the end', undefined);
  return wrong;
}

for (const [title, source] of Object.entries(failures)) {
  test(`thrown by ${title}`, async (t) => {
    if (differs.failedScopeStays) return t.skip('Node leaves the scope of what failed current');
    assert.deepEqual(await runProgram(program, { data: source }), []);
  });
}
