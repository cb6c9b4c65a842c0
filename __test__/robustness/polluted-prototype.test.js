'use strict';

// Properties that a program, or an attacker, has added to Object.prototype are not options: the
// name of each option anywhere. Those of threads are tested with the pool
// (worker-pool/host/polluted-prototype.test.js).

const assert = require('node:assert/strict');
const path = require('node:path');
const { optionNames } = require('../helpers/option-names.js');
const { poolSuite } = require('../helpers/pool-suite.js');
const { runProgram } = require('../helpers/program.js');
const { runtime } = require('../helpers/runtimes.js');

const test = poolSuite();
const names = optionNames();
const REGISTER = path.resolve(__dirname, '../../register.js');

test('the names are those of the types', () => {
  for (const name of [
    'execArgv',
    'resourceLimits',
    'maxOldGenerationSizeMb',
    'defaultValue',
    'eval',
    'transferList',
    'requireManualDestroy',
    'native',
    'asyncStackTraces',
    'trackUnmanagedFds',
  ]) {
    assert.ok(names.includes(name), name);
  }
});

// What becomes of each class and entry with each name alone.
async function observe({ names }) {
  const { AsyncLocalStorage, AsyncResource, WorkerPool } = require('async-hooks-rs');
  const AsyncContext = require('async-hooks-rs/async-context');
  const { executionAsyncId } = require('node:async_hooks');
  const { outcome, underPollution } = require('./__test__/helpers/pollution.js');
  const thrown = (make) => {
    try {
      make();
    } catch (error) {
      return error.code ?? error.message;
    }
  };

  const contexts = () => {
    const resource = new AsyncResource('TEST', {});
    const inherited = new AsyncLocalStorage(Object.create({ defaultValue: 'of a class' }));
    const seen = [new AsyncLocalStorage(), new AsyncLocalStorage({})].map((storage) => [
      storage.name,
      storage.getStore() ?? null,
      storage.run(1, () => storage.getStore()),
    ]);
    const variable = new AsyncContext.Variable({});
    seen.push(
      [variable.name, variable.get() ?? null],
      inherited.getStore(),
      resource.triggerAsyncId() === executionAsyncId(),
      resource.runInAsyncScope(() => 'ran'),
      new AsyncResource('TEST').triggerAsyncId() === executionAsyncId(),
    );
    resource.emitDestroy();
    return seen;
  };
  const nativePool = async () => {
    const pool = new WorkerPool(1, { native: 'add' }, {});
    const callback = new Promise((resolve) => {
      pool.runTask({ a: 1, b: 2 }, {}, (error, result) => resolve(error?.code ?? result));
    });
    const seen = [
      pool.minThreads,
      pool.maxThreads,
      pool.numThreads,
      await outcome(pool.run({ a: 1, b: 1 }, {})),
      await outcome(pool.run({ a: 1, b: 1 })),
      await callback,
      thrown(() => new WorkerPool(1, {})),
    ];
    await pool.close();
    return seen;
  };

  return underPollution(
    async () => [contexts(), await nativePool()],
    names.map((name) => [name]),
  );
}

for (const [title, args] of [
  ['imported', []],
  ['with register', ['--require', REGISTER]],
]) {
  test(`no option is inherited: ${title}`, async (t) => {
    if (runtime !== 'node') return t.skip('its own streams take inherited options');
    const { changed } = await runProgram(observe, { data: { names }, args });
    assert.deepEqual(changed, {});
  });
}
