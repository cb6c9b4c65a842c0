'use strict';

// Properties that a program, or an attacker, has added to Object.prototype are not options: the
// name of each option anywhere.

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

// Returns the results of each class, entry and task: first unchanged, then with each name alone.
// Threads of Node take long to start, so those are tried with groups of names: the names with the
// same bit in their number. Of any two names one group has the first and not the second, so neither
// hides what the other changes.
async function observe({ names, fixture }) {
  const { AsyncLocalStorage, AsyncResource, WorkerPool } = require('async-hooks-rs');
  const AsyncContext = require('async-hooks-rs/async-context');
  const { executionAsyncId } = require('node:async_hooks');
  const hostile = {
    argv: ['polluted'],
    execArgv: ['--no-such-flag'],
    env: { POLLUTED: '1' },
    resourceLimits: { maxOldGenerationSizeMb: 1 },
    maxOldGenerationSizeMb: 1,
    maxYoungGenerationSizeMb: 1,
    codeRangeSizeMb: 1,
    stackSizeMb: 0.01,
    transferList: [{}],
    workerData: 'polluted',
    name: 'polluted',
    native: 'add',
    signal: AbortSignal.abort(),
    maxQueue: 0,
    timeout: 1e9,
    maxThreads: 7,
    minThreads: 3,
  };
  const outcome = (promise) =>
    promise.then(
      (value) => ['result', value],
      ({ code }) => [code],
    );
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
  const workers = async () => {
    const pools = [undefined, {}, { resourceLimits: {} }].map(
      (options) => new WorkerPool(1, fixture, options),
    );
    return Promise.all(
      pools.map(async (pool) => {
        const seen = await outcome(pool.run('task', {}));
        await pool.close();
        return seen;
      }),
    );
  };
  const withoutWorkers = async () => [contexts(), await nativePool()];

  const changed = {};
  const compare = async (work, groups) => {
    const before = JSON.stringify(await work());
    for (const group of groups) {
      for (const name of group) {
        Object.defineProperty(Object.prototype, name, {
          __proto__: null,
          value: hostile[name] ?? 'polluted',
          writable: true,
          configurable: true,
          enumerable: true,
        });
      }
      const after = await work().then(JSON.stringify, ({ stack }) => stack);
      for (const name of group) delete Object.prototype[name];
      if (after !== before) changed[group] = after;
    }
    return JSON.parse(before);
  };

  await compare(
    withoutWorkers,
    names.map((name) => [name]),
  );
  const bits = Array.from({ length: Math.ceil(Math.log2(names.length)) }, (_, bit) => bit);
  const before = await compare(
    workers,
    bits.flatMap((bit) =>
      [0, 1].map((value) => names.filter((_, number) => ((number >> bit) & 1) === value)),
    ),
  );
  return { before, changed };
}

const fixture = path.resolve(__dirname, '../fixtures/pool/options-seen.js');

for (const [title, args] of [
  ['imported', []],
  ['with register', ['--require', REGISTER]],
]) {
  test(`no option is inherited: ${title}`, async (t) => {
    if (runtime !== 'node') return t.skip('its own streams and Workers take inherited options');
    const { before, changed } = await runProgram(observe, { data: { names, fixture }, args });
    assert.equal(before[0][0], 'result');
    assert.deepEqual(changed, {});
  });
}
