'use strict';

// Code in other contexts of node:vm, and WebAssembly's promises.

const assert = require('node:assert/strict');
const vm = require('node:vm');

// Created before the package is loaded, and so before any hook is installed.
const early = vm.createContext({});

const { suite } = require('../helpers/suite.js');
const { storage, seen, carries } = require('../helpers/carries.js');

const test = suite(__filename);
const turn = () => new Promise((resolve) => setImmediate(resolve));

const source = `(async () => {
  report();
  await null;
  report();
  await turn();
  report();
  await { then(resolve) { report(); resolve(); } };
  report();
  await Promise.resolve().then(report);
  await Promise.all([turn()]).finally(() => report());
  report();
})`;

for (const [title, context] of [
  ['a context made before us', () => early],
  ['a context made after us', () => vm.createContext({})],
]) {
  carries(
    test,
    `promises of ${title}`,
    async (report) => {
      // Called in this realm as an async function of the other one.
      const run = vm.runInContext(`(report, turn) => ${source}()`, context());
      await run(report, turn);
    },
    { times: 8 },
  );

  carries(
    test,
    `a promise of ours awaited in ${title}`,
    async (report) => {
      await vm.runInContext('(promise, report) => promise.then(report)', context())(turn(), () =>
        report(),
      );
      await vm.runInContext('(async (promise, report) => { await promise; report(); })', context())(
        turn(),
        () => report(),
      );
    },
    { times: 2 },
  );

  carries(
    test,
    `a promise of ${title} awaited by us`,
    async (report) => {
      await vm.runInContext('(turn) => Promise.resolve().then(turn)', context())(turn);
      report();
      await vm.runInContext('(async (turn) => { await turn(); })', context())(turn);
      report();
    },
    { times: 2 },
  );
}

carries(
  test,
  'runInThisContext and a Script',
  async (report) => {
    await new vm.Script('(async (report) => { await null; report(); })').runInThisContext()(report);
    report();
  },
  { times: 2 },
);

test('microtaskMode afterEvaluate: its microtasks see the scope', () => {
  const found = [];
  storage.run('in', () => {
    vm.runInNewContext(
      'Promise.resolve().then(() => { found(); }); 0',
      { found: () => found.push(seen()) },
      { microtaskMode: 'afterEvaluate' },
    );
    found.push(seen());
  });
  assert.deepEqual(found, ['in', 'in']);
  assert.equal(seen(), undefined);
});

test('an error thrown out of another context leaves the scope', () => {
  assert.throws(
    () =>
      storage.run('in', () => {
        vm.runInContext('throw new Error("expected")', early);
      }),
    { message: 'expected' },
  );
  assert.equal(seen(), undefined);
});

test('a script stopped by its time limit leaves the scope', () => {
  assert.throws(
    () =>
      storage.run('in', () => {
        vm.runInNewContext('for (;;);', {}, { timeout: 5 });
      }),
    { code: 'ERR_SCRIPT_EXECUTION_TIMEOUT' },
  );
  assert.equal(seen(), undefined);
});

carries(
  test,
  'WebAssembly.compile and instantiate',
  async (report) => {
    const module = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0);
    await WebAssembly.compile(module);
    report();
    await WebAssembly.instantiate(module);
    report();
    await WebAssembly.instantiate(module).then(() => report());
  },
  { times: 3 },
);
