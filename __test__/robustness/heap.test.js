'use strict';

// Scopes leave nothing on the heap: the cost of a million of them is measured in bytes, with a
// tolerance that a leak of eight bytes (one pointer) per scope would exceed.

const assert = require('node:assert/strict');
const test = require('node:test');
const { runScript } = require('../helpers/script.js');

// Less than one pointer for each of the smallest number of repetitions below.
const TOLERANCE = 150_000;
const POINTER = 8;

const PRELUDE = `
  const { AsyncLocalStorage, AsyncResource } = require('async-hooks-rs');
  const builtin = new (require('node:async_hooks').AsyncLocalStorage)();
  const { growth, turn } = require('./__test__/helpers/heap.js');
  const A = new AsyncLocalStorage();
  const B = new AsyncLocalStorage();
  const C = new AsyncLocalStorage();
  const noop = () => {};
  // Calls step(next, n) with n counting down; a step goes on in the scope in which it calls next().
  const chain = (step) => (count) => new Promise((resolve, reject) => {
    const next = (n) => {
      try {
        if (n === 0) resolve();
        else step(() => next(n - 1), n);
      } catch (error) {
        reject(error);
      }
    };
    next(count);
  });
`;

const scenarios = {
  'run()': {
    count: 1_000_000,
    work: `(count) => { for (let i = 0; i < count; i++) A.run({ i }, noop); }`,
  },
  'run() inside a scope of another storage': {
    count: 1_000_000,
    work: `(count) => B.run('outer', () => {
      for (let i = 0; i < count; i++) A.run({ i }, noop);
    })`,
  },
  'exit()': {
    count: 1_000_000,
    work: `(count) => { for (let i = 0; i < count; i++) A.exit(noop); }`,
  },
  'withScope() and dispose()': {
    count: 1_000_000,
    work: `(count) => { for (let i = 0; i < count; i++) A.withScope({ i }).dispose(); }`,
  },
  'run() that an await outlives': {
    count: 100_000,
    work: `async (count) => {
      for (let i = 0; i < count; i++) await A.run({ i }, async () => { await null; });
    }`,
  },
  "enterWith() in a scope of Node's class, in a promise callback": {
    count: 20_000,
    work: `async (count) => {
      const { AsyncResource: NodeResource } = require('node:async_hooks');
      for (let i = 0; i < count; i++) {
        await A.run({ i }, async () => {
          await null;
          new NodeResource('TEST').runInAsyncScope(() => A.enterWith({ i }));
        });
      }
    }`,
  },
  'snapshots and bound functions': {
    count: 100_000,
    work: `(count) => {
      for (let i = 0; i < count; i++) {
        A.run({ i }, () => AsyncLocalStorage.snapshot())(noop);
        A.run({ i }, () => AsyncLocalStorage.bind(noop))();
      }
    }`,
  },
  'disable() inside run()': {
    count: 100_000,
    work: `(count) => { for (let i = 0; i < count; i++) A.run({ i }, () => A.disable()); }`,
  },
  'enterWith() of one storage': {
    count: 1_000_000,
    work: `(count) => { for (let i = 0; i < count; i++) A.enterWith({ i }); }`,
  },
  'enterWith() of two storages in turn': {
    count: 1_000_000,
    work: `(count) => { for (let i = 0; i < count; i++) (i % 2 ? A : B).enterWith({ i }); }`,
  },
  'enterWith() of ours and a built-in storage in turn': {
    count: 20_000,
    work: `(count) => { for (let i = 0; i < count; i++) (i % 2 ? A : builtin).enterWith({ i }); }`,
  },
  'enterWith() of two storages and a built-in one in turn, over turns of the event loop': {
    count: 20_000,
    work: `async (count) => {
      for (let i = 0; i < count; i++) {
        [A, builtin, B][i % 3].enterWith({ i });
        if (i % 7 === 0) await turn();
      }
    }`,
  },
  'enterWith() and disable() in turn': {
    count: 100_000,
    work: `(count) => {
      for (let i = 0; i < count; i++) {
        A.enterWith({ i });
        B.enterWith({ i });
        A.disable();
      }
    }`,
  },
  'recursion through setImmediate() in scopes of two storages': {
    count: 20_000,
    work: `chain((next, n) => A.run({ n }, () => B.run({ n }, () => setImmediate(next))))`,
  },
  'recursion through nextTick() in scopes of three storages': {
    count: 20_000,
    work: `chain((next, n) => {
      A.run({ n }, () => B.run({ n }, () => C.run({ n }, () => process.nextTick(next))));
    })`,
  },
  'recursion through promises in scopes of two storages': {
    count: 20_000,
    work: `chain((next, n) => {
      A.run({ n }, () => B.run({ n }, () => { Promise.resolve().then(next); }));
    })`,
  },
  'recursion through AsyncResources in scopes of two storages': {
    count: 20_000,
    work: `chain((next, n) => {
      const resource = A.run({ n }, () => B.run({ n }, () => new AsyncResource('Recursion')));
      resource.runInAsyncScope(setImmediate, null, next);
    })`,
  },
  'recursion through setImmediate() in scopes of ours and a built-in storage': {
    count: 20_000,
    work: `chain((next, n) => {
      A.run({ n }, () => builtin.run({ n }, () => B.run({ n }, () => setImmediate(next))));
    })`,
  },
  'recursion with enterWith() of three storages in turn': {
    count: 20_000,
    work: `chain((next, n) => {
      [A, B, C][n % 3].enterWith({ n });
      setImmediate(next);
    })`,
  },
};

for (const [name, { count, work }] of Object.entries(scenarios)) {
  test(`the heap stays where it was: ${name}, ${count} times`, async () => {
    const { code, stdout, stderr } = await runScript(`${PRELUDE}
      growth(${work}, ${count}, ${TOLERANCE}).then((bytes) => console.log(bytes));
    `);
    assert.equal(code, 0, stderr);
    const bytes = Number(stdout);
    assert.ok(Number.isInteger(bytes), stdout);
    assert.ok(TOLERANCE < POINTER * count);
    assert.ok(bytes < TOLERANCE, `${bytes} bytes more, ${(bytes / count).toFixed(1)} each time`);
  });
}

test('the measurement would see a leak', async () => {
  const { code, stdout, stderr } = await runScript(`${PRELUDE}
    globalThis.leaked = undefined;
    growth((count) => {
      for (let i = 0; i < count; i++) A.run({ i }, () => { leaked = [leaked]; });
    }, 20_000).then((bytes) => console.log(bytes));
  `);
  assert.equal(code, 0, stderr);
  assert.ok(Number(stdout) > TOLERANCE, stdout);
});
