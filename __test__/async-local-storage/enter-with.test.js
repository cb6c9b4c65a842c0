'use strict';

// getStore() and enterWith(): the code that sees an entered store, and the code that does not.

const assert = require('node:assert/strict');
const { EventEmitter } = require('node:events');
const { AsyncLocalStorage, AsyncResource } = require('../../index.js');
const { suite } = require('../helpers/suite.js');
const { thrown, typeError } = require('../helpers/thrown.js');
const { runProgram } = require('../helpers/printing-program.js');
const { differs } = require('../helpers/engine.js');

const test = suite(__filename);

test('getStore() outside of every scope is undefined', () => {
  assert.equal(new AsyncLocalStorage().getStore(), undefined);
});

const privateMember =
  'Cannot read private member #defaultValue ' + 'from an object whose class did not declare it';

for (const [title, receiver, message] of [
  ['undefined', undefined, "Cannot read properties of undefined (reading '#defaultValue')"],
  ['null', null, "Cannot read properties of null (reading '#defaultValue')"],
  ['an object', {}, privateMember],
  ['a number', 5, privateMember],
]) {
  test(`getStore() on ${title} throws`, () => {
    const { getStore } = AsyncLocalStorage.prototype;
    assert.deepEqual(
      thrown(() => getStore.call(receiver)),
      typeError(message),
    );
  });
}

// Node 26 changes nothing and returns undefined; ours reports the wrong receiver.
for (const method of ['enterWith', 'disable', 'withScope']) {
  for (const receiver of [undefined, null, {}, 5]) {
    test(`${method}() on ${receiver === null ? 'null' : typeof receiver} throws`, () => {
      const { name, code } = thrown(() => AsyncLocalStorage.prototype[method].call(receiver, 1));
      assert.deepEqual([name, code], ['TypeError', undefined]);
    });
  }
}

test('enterWith() returns undefined', () => {
  assert.equal(new AsyncLocalStorage().enterWith(1), undefined);
});

test('enterWith() without an argument enters undefined', () => {
  const storage = new AsyncLocalStorage();
  storage.run(1, () => {
    storage.enterWith();
    assert.equal(storage.getStore(), undefined);
  });
});

test('any value is a store', () => {
  const storage = new AsyncLocalStorage();
  for (const store of [0, -0, NaN, '', false, null, undefined, 1n, Symbol('s'), {}, () => {}]) {
    storage.enterWith(store);
    assert.ok(Object.is(storage.getStore(), store));
  }
});

test('enterWith() lasts synchronously, after await and in timers', async () => {
  const storage = new AsyncLocalStorage();
  storage.enterWith(1);
  assert.equal(storage.getStore(), 1);
  await null;
  assert.equal(storage.getStore(), 1);
  assert.equal(await new Promise((resolve) => setTimeout(() => resolve(storage.getStore()), 1)), 1);
  assert.equal(await new Promise((resolve) => setImmediate(() => resolve(storage.getStore()))), 1);
  assert.equal(
    await new Promise((resolve) => process.nextTick(() => resolve(storage.getStore()))),
    1,
  );
  assert.equal(
    await new Promise((resolve) => queueMicrotask(() => resolve(storage.getStore()))),
    1,
  );
  assert.equal(storage.getStore(), 1);
});

test('operations started before do not see a later enterWith()', async () => {
  const storage = new AsyncLocalStorage();
  storage.enterWith(1);
  const started = Promise.all([
    new Promise((resolve) => setTimeout(() => resolve(storage.getStore()), 1)),
    new Promise((resolve) => setImmediate(() => resolve(storage.getStore()))),
    Promise.resolve().then(() => storage.getStore()),
  ]);
  storage.enterWith(2);
  assert.deepEqual(await started, [1, 1, 1]);
  assert.equal(storage.getStore(), 2);
});

test('later listeners and the emitter see enterWith() of a listener', () => {
  const storage = new AsyncLocalStorage();
  const emitter = new EventEmitter();
  const seen = [];
  emitter.on('event', () => storage.enterWith(2));
  emitter.on('event', () => seen.push(storage.getStore()));
  storage.run(1, () => {
    emitter.emit('event');
    seen.push(storage.getStore());
  });
  assert.deepEqual(seen, [2, 2]);
});

test('the caller sees enterWith() before the first await of an async function', async () => {
  const storage = new AsyncLocalStorage();
  const enter = async () => {
    storage.enterWith(1);
    await null;
    storage.enterWith('inside');
  };
  const entering = enter();
  assert.equal(storage.getStore(), 1);
  await entering;
  assert.equal(storage.getStore(), 1);
});

test('the caller does not see enterWith() after the first await of an async function', async () => {
  const storage = new AsyncLocalStorage();
  storage.run('used before', () => {});
  await (async () => {
    await null;
    storage.enterWith(1);
    assert.equal(storage.getStore(), 1);
    await null;
    assert.equal(storage.getStore(), 1);
  })();
  assert.equal(storage.getStore(), undefined);
});

test('the caller does not see it in the first scope of the program either', async () => {
  assert.deepEqual(
    await runProgram(`
    const storage = new AsyncLocalStorage();
    const seen = [];
    const enter = async () => {
      await null;
      storage.enterWith(1);
      await null;
      seen.push(storage.getStore());
    };
    (async () => {
      await enter();
      seen.push(storage.getStore() ?? 'none');
      print(seen);
    })();
  `),
    [1, differs.firstEnterWithIsSeenByCaller ? 1 : 'none'],
  );
});

test('the next callback of a chain does not see enterWith() in a then callback', async () => {
  const storage = new AsyncLocalStorage();
  const seen = await Promise.resolve()
    .then(() => {
      storage.enterWith(1);
      return storage.getStore();
    })
    .then((first) => [first, storage.getStore()]);
  assert.deepEqual(seen, [1, undefined]);
});

for (const [title, schedule] of [
  ['setTimeout', (callback) => setTimeout(callback, 1)],
  ['setImmediate', setImmediate],
  ['process.nextTick', process.nextTick],
  ['queueMicrotask', queueMicrotask],
]) {
  test(`another callback does not see enterWith() in a callback of ${title}`, async () => {
    const storage = new AsyncLocalStorage();
    const seen = [];
    await new Promise((resolve) => {
      schedule(() => {
        storage.enterWith(1);
        seen.push(storage.getStore());
      });
      schedule(() => {
        seen.push(storage.getStore());
        resolve();
      });
    });
    assert.deepEqual(seen, [1, undefined]);
  });
}

test('the next call of setInterval does not see enterWith() in this call', async () => {
  const storage = new AsyncLocalStorage();
  const seen = [];
  await new Promise((resolve) => {
    const interval = setInterval(() => {
      seen.push(storage.getStore());
      storage.enterWith(seen.length);
      if (seen.length === 3) {
        clearInterval(interval);
        resolve();
      }
    }, 1);
  });
  assert.deepEqual(
    seen,
    differs.enterWithSticksToResource ? [undefined, 1, 2] : [undefined, undefined, undefined],
  );
});

test('enterWith() ends with the scope of a resource', () => {
  const storage = new AsyncLocalStorage();
  const resource = new AsyncResource('SCOPE');
  resource.runInAsyncScope(() => storage.enterWith(1));
  assert.equal(storage.getStore(), undefined);
});

test('enterWith() may be called many times in a row', async () => {
  const storage = new AsyncLocalStorage();
  const other = new AsyncLocalStorage();
  other.enterWith('other');
  for (let i = 0; i < 10_000; i++) storage.enterWith(i);
  assert.equal(storage.getStore(), 9_999);
  for (let i = 0; i < 100; i++) {
    storage.enterWith(i);
    other.enterWith(-i);
    await null;
    assert.deepEqual([storage.getStore(), other.getStore()], [i, -i]);
  }
});
