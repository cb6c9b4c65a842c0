'use strict';

// new AsyncResource(): type, options, ids, and the captured context.

const test = require('node:test');
const assert = require('node:assert/strict');
const { executionAsyncId } = require('node:async_hooks');
const { AsyncLocalStorage, AsyncResource } = require('../../index.js');
const { differs } = require('../helpers/engine.js');
const { runProgram } = require('../helpers/printing-program.js');
const { thrown, typeError, rangeError } = require('../helpers/thrown.js');

for (const [value, received] of [
  [undefined, 'undefined'],
  [null, 'null'],
  [5, 'type number (5)'],
  [Symbol('x'), 'type symbol (Symbol(x))'],
  [new String('s'), 'an instance of String'],
  [{}, 'an instance of Object'],
  [(() => () => {})(), 'function '],
]) {
  test(`the constructor refuses as type: ${received}`, () => {
    assert.deepEqual(
      thrown(() => new AsyncResource(value)),
      typeError(
        `The "type" argument must be of type string. Received ${received}`,
        'ERR_INVALID_ARG_TYPE',
      ),
    );
  });
}

const emptyType = `
  const make = () => {
    try {
      new AsyncResource('');
      return 'made';
    } catch ({ name, code, message }) {
      return [name, code, message];
    }
  };
`;
const refusal = ['TypeError', 'ERR_ASYNC_TYPE', 'Invalid name for async "type": '];

test('an empty type is allowed while no init hook is enabled', async () => {
  assert.deepEqual(
    await runProgram(`${emptyType}
    const seen = [make()];
    createHook({ destroy() {} }).enable();
    seen.push(make());
    createHook({ init() {} }).enable();
    seen.push(make());
    print(seen);
  `),
    ['made', 'made', refusal],
  );
});

test('an empty type is handled as documented once a store was entered', async () => {
  assert.deepEqual(
    await runProgram(`${emptyType}
    new AsyncLocalStorage().run(1, () => print(make()));
  `),
    differs.initHookOnceEntered ? refusal : 'made',
  );
});

test('the constructor checks type before triggerAsyncId', () => {
  assert.equal(thrown(() => new AsyncResource(5, -2)).code, 'ERR_INVALID_ARG_TYPE');
});

for (const options of [undefined, {}, 'x', true, () => {}, Symbol('a'), 5n]) {
  test(`with ${typeof options} options the trigger is the current execution`, () => {
    assert.equal(new AsyncResource('T', options).triggerAsyncId(), executionAsyncId());
  });
}

test('options that are null throw', () => {
  assert.deepEqual(
    thrown(() => new AsyncResource('T', null)),
    typeError("Cannot read properties of null (reading 'triggerAsyncId')"),
  );
});

for (const id of [0, 1, -1, -0, Number.MAX_SAFE_INTEGER]) {
  test(`triggerAsyncId may be ${Object.is(id, -0) ? '-0' : id}, alone and in options`, () => {
    assert.equal(new AsyncResource('T', id).triggerAsyncId(), id);
    assert.equal(new AsyncResource('T', { triggerAsyncId: id }).triggerAsyncId(), id);
  });
}

for (const id of [-2, 1.5, NaN, Infinity, 2 ** 53]) {
  test(`the constructor refuses as triggerAsyncId: ${id}, alone and in options`, () => {
    const expected = rangeError(`Invalid triggerAsyncId value: ${id}`, 'ERR_INVALID_ASYNC_ID');
    assert.deepEqual(
      thrown(() => new AsyncResource('T', id)),
      expected,
    );
    assert.deepEqual(
      thrown(() => new AsyncResource('T', { triggerAsyncId: id })),
      expected,
    );
  });
}

for (const [value, printed] of [
  [null, 'null'],
  ['1', '1'],
  [1n, '1n'],
  [{}, '{}'],
  [Symbol('w'), 'Symbol(w)'],
]) {
  test(`the constructor refuses in options: ${typeof value} ${printed}`, () => {
    assert.deepEqual(
      thrown(() => new AsyncResource('T', { triggerAsyncId: value })),
      rangeError(`Invalid triggerAsyncId value: ${printed}`, 'ERR_INVALID_ASYNC_ID'),
    );
  });
}

test('{ triggerAsyncId: undefined } is the default', () => {
  assert.equal(
    new AsyncResource('T', { triggerAsyncId: undefined }).triggerAsyncId(),
    executionAsyncId(),
  );
});

test("the default trigger inside another resource's scope is that resource", () => {
  const outer = new AsyncResource('OUTER');
  const inner = outer.runInAsyncScope(() => new AsyncResource('INNER'));
  assert.equal(inner.triggerAsyncId(), outer.asyncId());
});

test('ids are numbers, one more for each resource', () => {
  const [first, second] = [new AsyncResource('T'), new AsyncResource('T')];
  assert.equal(typeof first.asyncId(), 'number');
  assert.equal(second.asyncId(), first.asyncId() + 1);
});

test('a subclass passes its arguments on', () => {
  class Sub extends AsyncResource {
    constructor() {
      super('SUB', { triggerAsyncId: 1, requireManualDestroy: true });
    }
  }
  const resource = new Sub();
  assert.equal(resource.triggerAsyncId(), 1);
  assert.equal(
    resource.runInAsyncScope(() => executionAsyncId()),
    resource.asyncId(),
  );
});

test('a resource captures the context of its construction, of all storages', () => {
  const one = new AsyncLocalStorage();
  const other = new AsyncLocalStorage();
  const both = () => [one.getStore(), other.getStore()];
  const resource = one.run(1, () => other.run(2, () => new AsyncResource('T')));
  assert.deepEqual(resource.runInAsyncScope(both), [1, 2]);
  assert.deepEqual(
    one.run(3, () => resource.runInAsyncScope(both)),
    [1, 2],
  );
  assert.deepEqual(both(), [undefined, undefined]);
});

test('a resource created outside of every scope runs in none', () => {
  const storage = new AsyncLocalStorage();
  const resource = new AsyncResource('T');
  assert.equal(
    storage.run(1, () => resource.runInAsyncScope(() => storage.getStore())),
    undefined,
  );
});

test('a resource created before the first scope of the program runs in none', async () => {
  assert.equal(
    await runProgram(`
    const resource = new AsyncResource('T');
    const storage = new AsyncLocalStorage();
    storage.enterWith(1);
    print(resource.runInAsyncScope(() => storage.getStore()) ?? 'none');
  `),
    'none',
  );
});
