'use strict';

// Exceptions and events at every call from the pool into other code, on both sides: each task is
// settled once, drain() and close() settle, and the process ends by itself.

const assert = require('node:assert/strict');
const { runProgram } = require('../../helpers/program.js');
const { poolTest, test, fixture } = require('../../helpers/pool-session.js');
const { names } = require('../../fixtures/pool/exceptions-processor.js');

const file = fixture('exceptions-processor.js');

for (const action of [...names.methods, ...names.events]) {
  poolTest(`a broken worker settles its task: ${action}`, {}, async ({ open, submit }) => {
    const pool = open(1, file);
    pool.on('error', () => {});
    for (let value = 0; value < 3; value++) {
      const { error, result } = await submit(pool, { action, value });
      // It may cost the worker, but then the task says so.
      if (error === null) assert.equal(result, value);
      else assert.equal(typeof (error.code ?? error.message), 'string');
      assert.deepEqual(await submit(pool, { action: 'none', value: 'next' }), {
        error: null,
        result: 'next',
      });
    }
    await pool.drain();
    assert.deepEqual([pool.running, pool.queueSize], [0, 0]);
  });
}

// Functions that the main side calls: broken when the pool was created and has run a task, restored
// before the end.
const methods = {
  'globalThis.Promise': 'globalThis.Promise',
  queueMicrotask: 'globalThis.queueMicrotask',
  setImmediate: 'globalThis.setImmediate',
  setTimeout: 'globalThis.setTimeout',
  clearTimeout: 'globalThis.clearTimeout',
  structuredClone: 'globalThis.structuredClone',
  'process.nextTick': 'process.nextTick',
  'process.hrtime': 'process.hrtime',
  ...Object.fromEntries(
    [
      ...['get', 'set', 'delete', 'values', 'forEach'].map((name) => `Map.prototype.${name}`),
      ...['add', 'delete', 'clear'].map((name) => `Set.prototype.${name}`),
      ...['postMessage', 'terminate', 'ref', 'unref'].map(
        (name) => `workers.Worker.prototype.${name}`,
      ),
      ...['postMessage', 'close', 'ref', 'unref'].map(
        (name) => `workers.MessagePort.prototype.${name}`,
      ),
      ...['runInAsyncScope', 'emitDestroy'].map((name) => `hooks.AsyncResource.prototype.${name}`),
      ...['on', 'once'].map((name) => `require('node:events').prototype.${name}`),
      'EventTarget.prototype.addEventListener',
      'EventTarget.prototype.removeEventListener',
    ].map((path) => [path, path]),
  ),
};

/** Runs in a process of its own; `path` names the broken function. */
async function breaks({ path, entry, processor }) {
  const workers = require('node:worker_threads');
  const hooks = require('node:async_hooks');
  void [workers, hooks];
  const { WorkerPool } = require(entry);
  const caught = [];
  process.on('uncaughtException', (error) => caught.push(error.message));

  const calls = [];
  const submit = (pool, options) => {
    const index = calls.push(0) - 1;
    try {
      pool.runTask({ action: 'none', value: index }, options, () => {
        calls[index]++;
      });
    } catch {
      calls[index] = 1; // the caller knows
    }
  };
  const { Promise, setImmediate } = globalThis;
  const turn = () => new Promise((resolve) => setImmediate(resolve));

  const options = { minThreads: 1, maxThreads: 2 };
  const pools = [new WorkerPool(1, processor, options), new WorkerPool(1)];
  for (const pool of pools) pool.on('error', () => {});
  await Promise.all(pools.map((pool) => pool.run({ action: 'none', a: 1, b: 2 })));

  const dot = path.lastIndexOf('.');
  const object = eval(path.slice(0, dot));
  const name = path.slice(dot + 1);
  const descriptor = Object.getOwnPropertyDescriptor(object, name) ?? { value: object[name] };
  function broken(...args) {
    const { stack } = new Error('broken');
    // Node also calls it at the end of a worker. If that call throws, Node never emits 'exit'.
    if (stack.split('\n')[2]?.includes('node:internal/')) return descriptor.value.apply(this, args);
    throw new Error('broken');
  }
  Object.defineProperty(object, name, { ...descriptor, value: broken });
  const controllers = [];
  for (const pool of pools) {
    for (let i = 0; i < 10; i++) submit(pool, {});
    for (let i = 0; i < 3; i++) {
      const controller = new AbortController();
      controllers.push(controller);
      submit(pool, { signal: controller.signal, timeout: 60_000 });
      submit(pool, { transferList: [new ArrayBuffer(8)] });
    }
  }
  for (const controller of controllers) controller.abort();
  for (let i = 0; i < 20; i++) await turn();
  Object.defineProperty(object, name, descriptor);

  await Promise.all(pools.map((pool) => pool.drain()));
  const states = pools.map((pool) => [pool.running, pool.queueSize]);
  await Promise.all(pools.map((pool) => pool.close()));
  await turn();
  return {
    submitted: calls.length,
    wrong: calls.filter((times) => times !== 1).length,
    uncaught: caught.length,
    states,
  };
}

for (const path of Object.values(methods)) {
  test(`a broken main thread settles its tasks: ${path}`, async () => {
    const entry = require.resolve('../../../index.js');
    const { wrong, submitted, uncaught, states } = await runProgram(breaks, {
      data: { path, entry, processor: file },
    });
    assert.equal(submitted, 32);
    assert.equal(wrong, 0);
    assert.ok(uncaught <= submitted, `${uncaught} uncaught exceptions`);
    assert.deepEqual(states, [
      [0, 0],
      [0, 0],
    ]);
  });
}
