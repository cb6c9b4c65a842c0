'use strict';

// The stores that async functions, generators and thenables see, and those of their callers
// afterwards.

const assert = require('node:assert/strict');
const { AsyncLocalStorage } = require('../../index.js');
const { suite } = require('../helpers/suite.js');

const test = suite(__filename);

test('run() of an async function keeps the store over awaits, not in its caller', async () => {
  const storage = new AsyncLocalStorage();
  const promise = storage.run(1, async () => {
    const seen = [storage.getStore()];
    await null;
    seen.push(storage.getStore());
    await new Promise((resolve) => setTimeout(resolve, 1));
    seen.push(storage.getStore());
    await new Promise(setImmediate);
    seen.push(storage.getStore());
    return seen;
  });
  assert.equal(storage.getStore(), undefined);
  assert.deepEqual(await promise, [1, 1, 1, 1]);
  assert.equal(storage.getStore(), undefined);
});

test('after a rejection each catch has the store of its own function', async () => {
  const storage = new AsyncLocalStorage();
  await storage.run('caller', async () => {
    try {
      await storage.run('callee', async () => {
        try {
          await Promise.reject(new Error('inner'));
        } catch {
          assert.equal(storage.getStore(), 'callee');
        }
        await null;
        throw new Error('outer');
      });
      assert.fail('nothing was thrown');
    } catch (error) {
      assert.equal(error.message, 'outer');
      assert.equal(storage.getStore(), 'caller');
    }
  });
});

test('many concurrent async functions keep their stores apart', async () => {
  const storage = new AsyncLocalStorage();
  const work = async (id) => {
    for (let i = 0; i < 10; i++) {
      await (i % 3 === 0 ? new Promise(setImmediate) : null);
      assert.equal(storage.getStore(), id);
    }
    return storage.getStore();
  };
  const ids = Array.from({ length: 50 }, (_, id) => id);
  assert.deepEqual(await Promise.all(ids.map((id) => storage.run(id, work, id))), ids);
  assert.equal(storage.getStore(), undefined);
});

test('then, catch and finally callbacks see the scope of their registration', async () => {
  const storage = new AsyncLocalStorage();
  const seen = [];
  const note = () => {
    seen.push(storage.getStore());
  };
  const resolved = storage.run('resolver', () => Promise.resolve());
  const rejected = storage.run('resolver', () => Promise.reject(new Error('caught')));
  await storage.run('registered', () =>
    Promise.all([resolved.then(note), rejected.catch(note), resolved.finally(note)]),
  );
  assert.deepEqual(seen, ['registered', 'registered', 'registered']);
});

test('a promise resolved in another scope does not change the scope of the await', async () => {
  const storage = new AsyncLocalStorage();
  let resolve;
  const promise = new Promise((r) => {
    resolve = r;
  });
  const waiting = storage.run(1, async () => {
    await promise;
    return storage.getStore();
  });
  storage.run(2, resolve);
  assert.equal(await waiting, 1);
});

test('then() of a thenable is called in the scope of the await', async () => {
  const storage = new AsyncLocalStorage();
  const seen = [];
  await storage.run(1, async () => {
    await {
      then(resolve) {
        seen.push(storage.getStore());
        storage.run(2, resolve);
      },
    };
    seen.push(storage.getStore());
  });
  assert.deepEqual(seen, [1, 1]);
});

test('Promise.all, race, allSettled and any keep the scope', async () => {
  const storage = new AsyncLocalStorage();
  await storage.run(1, async () => {
    for (const combine of ['all', 'race', 'allSettled', 'any']) {
      await Promise[combine]([
        storage.run(2, async () => {
          await null;
        }),
      ]);
      assert.equal(storage.getStore(), 1, combine);
    }
  });
});

test('queueMicrotask and nextTick inside an async function see its store', async () => {
  const storage = new AsyncLocalStorage();
  assert.deepEqual(
    await storage.run(1, async () => {
      await null;
      return Promise.all([
        new Promise((resolve) => queueMicrotask(() => resolve(storage.getStore()))),
        new Promise((resolve) => process.nextTick(() => resolve(storage.getStore()))),
      ]);
    }),
    [1, 1],
  );
});

test('a generator sees the scope of each next() call', () => {
  const storage = new AsyncLocalStorage();
  const generator = storage.run(1, function* () {
    yield storage.getStore();
    yield storage.getStore();
  });
  const seen = [generator.next().value];
  seen.push(storage.run(2, () => generator.next().value));
  assert.deepEqual(seen, [undefined, 2]);
});

test('an async generator keeps the scope of each next() call over its awaits', async () => {
  const storage = new AsyncLocalStorage();
  const seen = [];
  const generator = storage.run('made', async function* () {
    seen.push(storage.getStore());
    yield 1;
    seen.push(storage.getStore());
    await null;
    seen.push(storage.getStore());
    yield 2;
  });
  await storage.run('first', () => generator.next());
  await storage.run('second', () => generator.next());
  assert.deepEqual(seen, ['first', 'second', 'second']);
});

test("for await has the loop's own scope after each step", async () => {
  const storage = new AsyncLocalStorage();
  const source = storage.run('source', async function* () {
    for (let i = 0; i < 3; i++) {
      await new Promise(setImmediate);
      yield i;
    }
  });
  await storage.run('loop', async () => {
    let steps = 0;
    for await (const step of source) {
      assert.equal(step, steps++);
      assert.equal(storage.getStore(), 'loop');
    }
    assert.equal(steps, 3);
  });
});

test('run() in a loop restores the store after each await', async () => {
  const storage = new AsyncLocalStorage();
  for (let i = 0; i < 20; i++) {
    await storage.run(i, async () => {
      await null;
      assert.equal(storage.getStore(), i);
    });
    assert.equal(storage.getStore(), undefined);
  }
});

test('enterWith() after an await stays in the function', async () => {
  const storage = new AsyncLocalStorage();
  await storage.run('outer', async () => {
    await (async () => {
      await null;
      storage.enterWith('inner');
      await null;
      assert.equal(storage.getStore(), 'inner');
    })();
    assert.equal(storage.getStore(), 'outer');
  });
});

test('an await from before the first scope of the storage sees no store', async () => {
  const storage = new AsyncLocalStorage();
  let resolve;
  const promise = new Promise((r) => {
    resolve = r;
  });
  const waiting = (async () => {
    await promise;
    return storage.getStore();
  })();
  storage.run(1, resolve);
  assert.equal(await waiting, undefined);
});

test('async methods and arrow functions keep `this`, arguments and the store', async () => {
  const storage = new AsyncLocalStorage();
  const object = {
    id: 5,
    async read(offset) {
      await null;
      return [this.id + offset, storage.getStore()];
    },
  };
  assert.deepEqual(await storage.run(1, () => object.read(2)), [7, 1]);
});
