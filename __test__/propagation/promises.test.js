'use strict';

// Promise reactions and awaits run in the scope in which they were registered.

const assert = require('node:assert/strict');
const { promisify, callbackify } = require('node:util');
const { differs } = require('../helpers/engine.js');
const { suite } = require('../helpers/suite.js');
const { storage, seen, carries } = require('../helpers/carries.js');

const test = suite(__filename);
const turn = () => new Promise((resolve) => setImmediate(resolve));

carries(
  test,
  'then, catch and finally',
  async (report) => {
    const rejected = Promise.reject(new Error('expected'));
    await Promise.all([
      Promise.resolve().then(() => report()),
      rejected.catch(() => report()),
      Promise.resolve().finally(() => report()),
      rejected.then(undefined, () => report()),
    ]);
  },
  { times: 4 },
);

carries(
  test,
  'a long chain',
  async (report) => {
    await Promise.resolve()
      .then(turn)
      .then(() => report())
      .finally(turn)
      .then(() => report());
  },
  { times: 2 },
);

carries(
  test,
  'await of a value, of a promise, of a rejection',
  async (report) => {
    await 1;
    report();
    await turn();
    report();
    await assert.rejects(Promise.reject(new Error('expected')));
    report();
  },
  { times: 3 },
);

carries(
  test,
  'nested async functions',
  async (report) => {
    const inner = async () => {
      await turn();
      report();
    };
    const middle = async () => {
      await inner();
      report();
      await inner();
    };
    await middle();
    report();
  },
  { times: 4 },
);

carries(
  test,
  'Promise.all, allSettled, race and any',
  async (report) => {
    await Promise.all([turn(), 1]);
    report();
    await Promise.allSettled([turn(), Promise.reject(new Error('expected'))]);
    report();
    await Promise.race([turn(), new Promise(() => {})]);
    report();
    await Promise.any([Promise.reject(new Error('expected')), turn()]);
    report();
  },
  { times: 4 },
);

carries(
  test,
  'then() of a thenable that is awaited',
  async (report) => {
    await {
      then(resolve) {
        report();
        resolve();
      },
    };
    report();
    await Promise.resolve({
      then(resolve) {
        report();
        resolve();
      },
    });
    report();
  },
  { times: 4 },
);

carries(
  test,
  'a thenable that does its work when it is awaited',
  async (report) => {
    // Query builders work like this: created in one place, run by the await.
    class Query {
      then(...handlers) {
        report();
        return new Promise((resolve) => setTimeout(() => resolve(report()), 1)).then(...handlers);
      }
    }
    const query = storage.run('built elsewhere', () => new Query());
    await query;
    await Promise.all([query]);
    await (async () => query)();
    report();
  },
  { times: 7 },
);

carries(
  test,
  'a promise that is resolved elsewhere',
  async (report) => {
    let resolve;
    const promise = new Promise((settle) => {
      resolve = settle;
    });
    const reactions = [
      promise.then(() => report()),
      (async () => {
        await promise;
        report();
      })(),
    ];
    storage.run('resolver', () => setImmediate(() => resolve()));
    await Promise.all(reactions);
  },
  { times: 2 },
);

carries(test, 'a promise that is rejected elsewhere', async (report) => {
  let reject;
  const promise = new Promise((_, settle) => {
    reject = settle;
  });
  storage.run('rejecter', () => setImmediate(() => reject(new Error('expected'))));
  await promise.catch(() => report());
});

carries(test, 'a thenable that is settled elsewhere', async (report) => {
  await {
    then(resolve) {
      storage.run('settler', () => setImmediate(resolve));
    },
  };
  report();
});

carries(
  test,
  'a promise that was made and settled elsewhere',
  async (report) => {
    const promise = storage.run('maker', () => Promise.resolve());
    await promise.then(() => report());
    await promise;
    report();
  },
  { times: 2 },
);

carries(
  test,
  'promisify and callbackify',
  async (report) => {
    await promisify((callback) => setImmediate(callback))();
    report();
    callbackify(turn)((error) => report(error));
  },
  { times: 2 },
);

carries(
  test,
  'a subclass of Promise',
  async (report) => {
    class Subclass extends Promise {}
    await new Subclass((resolve) => setImmediate(resolve)).then(() => report());
    report();
  },
  { times: 2 },
);

carries(
  test,
  'for await over promises',
  async (report) => {
    for await (const value of [turn(), turn()]) {
      assert.equal(value, undefined);
      report();
    }
    report();
  },
  { times: 3 },
);

test('run() of an async function: the caller gets its own scope back at once', async () => {
  const found = [];
  await storage.run('outer', async () => {
    const inner = storage.run('inner', async () => {
      found.push(seen());
      await turn();
      found.push(seen());
    });
    found.push(seen());
    await inner;
    found.push(seen());
  });
  found.push(seen());
  assert.deepEqual(found, ['inner', 'outer', 'inner', 'outer', undefined]);
});

test('the caller sees a store from before the first await of an async function', async () => {
  const found = [];
  async function entering() {
    storage.enterWith('first');
    await null;
    found.push(seen());
    storage.enterWith('second');
    await turn();
    found.push(seen());
  }
  await storage.run('base', async () => {
    const promise = entering();
    found.push(seen());
    await promise;
    found.push(seen());
  });
  assert.deepEqual(found, ['first', 'first', 'second', 'first']);
});

test('the caller does not see a store from after an await', async () => {
  // A storage of its own: its first use must not be an exception.
  const fresh = new storage.constructor();
  const found = [];
  async function entering() {
    await null;
    fresh.enterWith('inside');
    found.push(fresh.getStore());
  }
  await entering();
  found.push(fresh.getStore());
  await turn();
  found.push(fresh.getStore());
  assert.deepEqual(found, ['inside', undefined, undefined]);
});

test('the next reaction of a chain does not see a store entered by this one', async () => {
  const found = [];
  await storage.run('in', () =>
    Promise.resolve()
      .then(() => storage.enterWith('entered'))
      .then(() => found.push(seen()))
      .then(() => found.push(seen())),
  );
  assert.deepEqual(found, ['in', 'in']);
});

test('an exception leaves the scope on its way', async () => {
  const found = [];
  assert.throws(() =>
    storage.run('a', () => {
      throw new Error('expected');
    }),
  );
  found.push(seen());
  await storage
    .run('b', async () => {
      throw new Error('expected');
    })
    .catch(() => {});
  found.push(seen());
  await storage.run('c', () =>
    Promise.reject(new Error('expected'))
      .finally(() => found.push(seen()))
      .catch(() => found.push(seen())),
  );
  found.push(seen());
  assert.deepEqual(found, [undefined, undefined, 'c', 'c', undefined]);
});

test('a thousand concurrent chains keep their own scopes', async () => {
  const wrong = [];
  await Promise.all(
    Array.from({ length: 1000 }, (_, i) =>
      storage.run(i, async () => {
        for (let j = 0; j < 5; j++) {
          await (j % 2 ? turn() : null);
          if (seen() !== i) wrong.push([i, j, seen()]);
        }
      }),
    ),
  );
  assert.deepEqual(wrong, []);
});

test('then() of a thenable that a promise is resolved with', async () => {
  let resolve;
  const promise = storage.run(
    'made',
    () =>
      new Promise((fulfil) => {
        resolve = fulfil;
      }),
  );
  let store;
  const thenable = {
    then(done) {
      store = storage.getStore();
      done();
    },
  };
  storage.run('resolved', () => resolve(thenable));
  await promise;
  assert.equal(store, differs.thenableSeenFromCreation ? 'made' : 'resolved');
});
