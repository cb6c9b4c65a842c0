'use strict';

// AsyncResource.prototype.runInAsyncScope(): its calls, and the current ids and stores inside and
// after.

const assert = require('node:assert/strict');
const { executionAsyncId, executionAsyncResource, triggerAsyncId } = require('node:async_hooks');
const { AsyncLocalStorage, AsyncResource } = require('../../index.js');
const { differs } = require('../helpers/engine.js');
const { runProgram } = require('../helpers/printing-program.js');
const { suite } = require('../helpers/suite.js');
const { thrown, typeError } = require('../helpers/thrown.js');

const test = suite(__filename);

test('runInAsyncScope() passes on this, arguments and result', () => {
  const resource = new AsyncResource('T');
  const receiver = {};
  const result = {};
  let received;
  assert.equal(
    resource.runInAsyncScope(
      function (...args) {
        received = [this, ...args];
        return result;
      },
      receiver,
      'a',
      undefined,
      3,
    ),
    result,
  );
  assert.deepEqual(received, [receiver, 'a', undefined, 3]);
  assert.equal(received[0], receiver);
});

test('`this` is undefined if omitted, and null if it is null', () => {
  const resource = new AsyncResource('T');
  const self = function () {
    return this;
  };
  assert.equal(resource.runInAsyncScope(self), undefined);
  assert.equal(resource.runInAsyncScope(self, null), null);
  assert.equal(resource.runInAsyncScope(new Function('return this')), globalThis);
});

test('what is current inside, and after', () => {
  const resource = new AsyncResource('T', { triggerAsyncId: 1 });
  const now = () => [executionAsyncId(), triggerAsyncId(), executionAsyncResource()];
  const before = now();
  const inside = resource.runInAsyncScope(now);
  assert.deepEqual(inside.slice(0, 2), [resource.asyncId(), resource.triggerAsyncId()]);
  assert.equal(inside[2], resource);
  const after = now();
  assert.deepEqual(after.slice(0, 2), before.slice(0, 2));
  assert.equal(after[2], before[2]);
});

test('an error is passed on unchanged; ids and stores are restored', () => {
  const storage = new AsyncLocalStorage();
  const resource = storage.run(1, () => new AsyncResource('T'));
  const error = new Error('as it is');
  const id = executionAsyncId();
  storage.run(2, () => {
    assert.throws(
      () =>
        resource.runInAsyncScope(() => {
          assert.equal(storage.getStore(), 1);
          throw error;
        }),
      (caught) => caught === error,
    );
    assert.equal(storage.getStore(), 2);
    assert.equal(executionAsyncId(), id);
  });
});

for (const [value, received] of [
  [5, '5, which is a number'],
  ['str', 'str, which is a string'],
  [{}, '#<Object>, which is an object'],
  [null, 'null, which is null'],
  [undefined, 'undefined, which is undefined'],
]) {
  test(`runInAsyncScope() refuses a value that is not a function: ${received}`, () => {
    const storage = new AsyncLocalStorage();
    const id = executionAsyncId();
    storage.run(1, () => {
      assert.deepEqual(
        thrown(() => new AsyncResource('T').runInAsyncScope(value)),
        typeError(`Function.prototype.apply was called on ${received} and not a function`),
      );
      assert.equal(storage.getStore(), 1);
    });
    assert.equal(executionAsyncId(), id);
  });
}

test('runInAsyncScope() throws without arguments and with a class', () => {
  assert.deepEqual(
    thrown(() => new AsyncResource('T').runInAsyncScope()),
    typeError(
      'Function.prototype.apply was called on undefined, which is undefined and not a function',
    ),
  );
  assert.deepEqual(
    thrown(() => new AsyncResource('T').runInAsyncScope(class K {})),
    typeError("Class constructor K cannot be invoked without 'new'"),
  );
});

test('an override in a subclass is called once, even without a function', () => {
  const calls = [];
  class Sub extends AsyncResource {
    runInAsyncScope(fn, ...args) {
      calls.push(fn);
      return super.runInAsyncScope(fn, ...args);
    }
  }
  thrown(() => new Sub('T').runInAsyncScope());
  assert.deepEqual(calls, [undefined]);
});

test('runInAsyncScope() is re-entrant, and may be nested with another resource', () => {
  const storage = new AsyncLocalStorage();
  const one = storage.run(1, () => new AsyncResource('ONE'));
  const two = storage.run(2, () => new AsyncResource('TWO'));
  const now = () => [storage.getStore(), executionAsyncId()];
  const [first, second] = [
    [1, one.asyncId()],
    [2, two.asyncId()],
  ];
  assert.deepEqual(
    one.runInAsyncScope(() => [
      now(),
      one.runInAsyncScope(now),
      two.runInAsyncScope(() => [now(), one.runInAsyncScope(now), now()]),
      now(),
    ]),
    [first, first, [second, first, second], first],
  );
  assert.equal(storage.getStore(), undefined);
});

test('runInAsyncScope() works after emitDestroy()', () => {
  const storage = new AsyncLocalStorage();
  const resource = storage.run(1, () => new AsyncResource('T').emitDestroy());
  assert.deepEqual(
    resource.runInAsyncScope(() => [storage.getStore(), executionAsyncId()]),
    [1, resource.asyncId()],
  );
});

test('run() inside the scope is left inside', () => {
  const storage = new AsyncLocalStorage();
  const resource = storage.run(1, () => new AsyncResource('T'));
  resource.runInAsyncScope(() => {
    storage.run(2, () => assert.equal(storage.getStore(), 2));
    assert.equal(storage.getStore(), 1);
  });
  assert.equal(storage.getStore(), undefined);
});

test('neither the caller nor the next call sees enterWith() inside', () => {
  const storage = new AsyncLocalStorage();
  const resource = storage.run(1, () => new AsyncResource('T'));
  const enter = () => {
    const seen = storage.getStore();
    storage.enterWith(5);
    assert.equal(storage.getStore(), 5);
    return seen;
  };
  assert.equal(resource.runInAsyncScope(enter), 1);
  assert.equal(storage.getStore(), undefined);
  assert.equal(resource.runInAsyncScope(enter), differs.enterWithSticksToResource ? 5 : 1);
  assert.equal(storage.getStore(), undefined);
});

test('an async function keeps the scope over its awaits; its caller leaves it', async () => {
  const storage = new AsyncLocalStorage();
  const resource = storage.run(1, () => new AsyncResource('T'));
  await storage.run(2, async () => {
    const promise = resource.runInAsyncScope(async () => {
      await null;
      await new Promise(setImmediate);
      return storage.getStore();
    });
    assert.equal(storage.getStore(), 2);
    assert.equal(await promise, 1);
    assert.equal(storage.getStore(), 2);
  });
});

test('operations started inside see the scope of the resource', async () => {
  const storage = new AsyncLocalStorage();
  const resource = storage.run(1, () => new AsyncResource('T'));
  const seen = storage.run(2, () =>
    resource.runInAsyncScope(() =>
      Promise.all([
        new Promise((resolve) => setTimeout(() => resolve(storage.getStore()), 1)),
        new Promise((resolve) => process.nextTick(() => resolve(storage.getStore()))),
        Promise.resolve().then(() => storage.getStore()),
      ]),
    ),
  );
  assert.deepEqual(await seen, [1, 1, 1]);
});

// In Node this corrupts the stack of ids and ends the process.
test('on any other receiver it throws ERR_INVALID_THIS, and the process goes on', async () => {
  const receivers = `[{}, undefined, null, 5, 'x', () => {},
    Object.create(AsyncResource.prototype)]`;
  assert.deepEqual(
    await runProgram(`
    let calls = 0;
    const errors = ${receivers}.map((receiver) => {
      try {
        AsyncResource.prototype.runInAsyncScope.call(receiver, () => calls++);
      } catch ({ name, code, message }) {
        return [name, code, message].join('; ');
      }
    });
    setImmediate(() => print({ calls, errors: [...new Set(errors)] }));
  `),
    {
      calls: 0,
      errors: ['TypeError; ERR_INVALID_THIS; Value of "this" must be of type AsyncResource'],
    },
  );
});

test('on what has the ids of a resource: a proxy, an object that inherits from one', () => {
  const resource = new AsyncResource('T');
  const { runInAsyncScope } = AsyncResource.prototype;
  for (const receiver of [new Proxy(resource, {}), Object.create(resource)]) {
    assert.equal(runInAsyncScope.call(receiver, executionAsyncId), resource.asyncId());
  }
});
