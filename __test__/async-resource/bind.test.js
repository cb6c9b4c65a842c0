'use strict';

// AsyncResource.bind() and AsyncResource.prototype.bind(): the returned functions, their `this` and
// context, and the errors.

const assert = require('node:assert/strict');
const { createHook, executionAsyncId } = require('node:async_hooks');
const { AsyncLocalStorage, AsyncResource } = require('../../index.js');
const { shape } = require('../helpers/shape.js');
const { suite } = require('../helpers/suite.js');
const { thrown, typeError } = require('../helpers/thrown.js');

const test = suite(__filename);

const notFunctions = [
  [5, 'type number (5)'],
  ['str', "type string ('str')"],
  [{}, 'an instance of Object'],
  [[], 'an instance of Array'],
  [Symbol('q'), 'type symbol (Symbol(q))'],
  [1n, 'type bigint (1n)'],
];

for (const [value, received] of [[undefined, 'undefined'], [null, 'null'], ...notFunctions]) {
  test(`bind() of a resource refuses ${received}`, () => {
    assert.deepEqual(
      thrown(() => new AsyncResource('T').bind(value)),
      typeError(
        `The "fn" argument must be of type function. Received ${received}`,
        'ERR_INVALID_ARG_TYPE',
      ),
    );
  });
}

for (const [value, received] of notFunctions) {
  test(`static bind() refuses ${received}`, () => {
    assert.deepEqual(
      thrown(() => AsyncResource.bind(value)),
      typeError(
        `The "fn" argument must be of type function. Received ${received}`,
        'ERR_INVALID_ARG_TYPE',
      ),
    );
  });
}

test('static bind() of undefined and null', () => {
  assert.deepEqual(
    thrown(() => AsyncResource.bind()),
    typeError("Cannot read properties of undefined (reading 'name')"),
  );
  assert.deepEqual(
    thrown(() => AsyncResource.bind(null)),
    typeError("Cannot read properties of null (reading 'name')"),
  );
});

test('static bind() refuses a type or a name that is not a string', () => {
  const expected = typeError(
    'The "type" argument must be of type string. Received type number (5)',
    'ERR_INVALID_ARG_TYPE',
  );
  assert.deepEqual(
    thrown(() => AsyncResource.bind(() => {}, 5)),
    expected,
  );
  const fn = Object.defineProperty(() => {}, 'name', { value: 5 });
  assert.deepEqual(
    thrown(() => AsyncResource.bind(fn)),
    expected,
  );
});

function typesOf(fn) {
  const types = [];
  const hook = createHook({
    init(id, type) {
      types.push(type);
    },
  }).enable();
  try {
    fn();
  } finally {
    hook.disable();
  }
  return types;
}

test("the type of static bind(): the argument, the function's name, or the default", () => {
  function named() {}
  const anonymous = (() => () => {})();
  for (const type of ['', null, undefined, 0, false]) {
    assert.deepEqual(
      typesOf(() => AsyncResource.bind(named, type)),
      ['named'],
    );
    assert.deepEqual(
      typesOf(() => AsyncResource.bind(anonymous, type)),
      ['bound-anonymous-fn'],
    );
  }
  assert.deepEqual(
    typesOf(() => AsyncResource.bind(named, 'TYPE')),
    ['TYPE'],
  );
});

test('static bind() refuses its function after the init event', () => {
  assert.deepEqual(
    typesOf(() => thrown(() => AsyncResource.bind({}))),
    ['bound-anonymous-fn'],
  );
});

test('bind() of a resource makes no resource', () => {
  const resource = new AsyncResource('T');
  assert.deepEqual(
    typesOf(() => resource.bind(() => {})),
    [],
  );
});

const lengthShape = { writable: false, enumerable: false, configurable: true };
const forms = {
  'bind() of a resource': (fn, thisArg) => new AsyncResource('T').bind(fn, thisArg),
  'static bind()': (fn, thisArg) => AsyncResource.bind(fn, 'T', thisArg),
};

for (const [form, bind] of Object.entries(forms)) {
  test(`${form}: the function has the expected name, length and own properties`, () => {
    for (const parameters of ['', 'one, two', 'one, ...rest', 'one = 1, two']) {
      const fn = new Function(parameters, '');
      const bound = bind(fn);
      assert.equal(bound.name, 'bound');
      assert.deepEqual(Object.getOwnPropertyDescriptor(bound, 'length'), {
        value: fn.length,
        ...lengthShape,
      });
    }
    assert.deepEqual(shape(bind(() => {})), { length: 'c', name: 'c', prototype: 'w' });
  });

  test(`${form}: thisArg does not change name, length and own properties`, () => {
    const bound = bind(new Function('one', 'two', ''), {});
    assert.equal(bound.name, 'bound runInAsyncScope');
    assert.deepEqual(Object.getOwnPropertyDescriptor(bound, 'length'), {
      value: 2,
      ...lengthShape,
    });
    assert.deepEqual(shape(bound), { length: 'c', name: 'c' });
  });

  test(`${form}: there is no asyncResource property; an assigned one is plain`, () => {
    const bound = bind(() => {});
    assert.equal('asyncResource' in bound, false);
    bound.asyncResource = 1;
    assert.deepEqual(Object.getOwnPropertyDescriptor(bound, 'asyncResource'), {
      value: 1,
      writable: true,
      enumerable: true,
      configurable: true,
    });
  });

  test(`${form}: without thisArg \`this\` is that of the call`, () => {
    const bound = bind(function () {
      return this;
    });
    const receiver = {};
    assert.equal(bound.call(receiver), receiver);
    assert.equal(bound(), undefined);
    assert.equal(bound.call(null), null);
  });

  test(`${form}: thisArg wins, even null`, () => {
    const receiver = {};
    const self = function () {
      return this;
    };
    assert.equal(bind(self, receiver).call({}), receiver);
    assert.equal(bind(self, receiver)(), receiver);
    assert.equal(bind(self, null).call({}), null);
    assert.equal(bind(self, 0).call({}), 0);
  });

  test(`${form}: arguments and result are passed on, with and without thisArg`, () => {
    const result = {};
    for (const thisArg of [undefined, {}]) {
      let received;
      const bound = bind((...args) => {
        received = args;
        return result;
      }, thisArg);
      assert.equal(bound('a', undefined, 3), result);
      assert.deepEqual(received, ['a', undefined, 3]);
    }
  });

  test(`${form}: the function may be called with new`, () => {
    const fn = function () {
      this.made = true;
    };
    const bound = bind(fn);
    const made = new bound();
    assert.ok(made instanceof bound);
    assert.equal(made.made, true);
    const withThis = bind(fn, {});
    assert.deepEqual(
      thrown(() => new withThis()),
      typeError('withThis is not a constructor'),
    );
  });

  test(`${form}: an error is passed on unchanged, and the caller's store is back`, () => {
    const storage = new AsyncLocalStorage();
    const error = new Error('as it is');
    const bound = storage.run(1, () =>
      bind(() => {
        throw error;
      }),
    );
    storage.run(2, () => {
      assert.throws(bound, (caught) => caught === error);
      assert.equal(storage.getStore(), 2);
    });
  });

  test(`${form}: binding a function twice gives two functions`, () => {
    const fn = () => {};
    assert.notEqual(bind(fn), bind(fn));
  });
}

test("the context is that of the resource's construction", () => {
  const storage = new AsyncLocalStorage();
  const now = () => [storage.getStore(), executionAsyncId()];
  const resource = storage.run('made', () => new AsyncResource('T'));
  const bound = storage.run('bound', () => resource.bind(now));
  assert.deepEqual(storage.run('called', bound), ['made', resource.asyncId()]);
  assert.equal(storage.getStore(), undefined);
});

test('the context of static bind() is that of the call of bind()', () => {
  const storage = new AsyncLocalStorage();
  const bound = storage.run('bound', () => AsyncResource.bind(() => storage.getStore()));
  assert.equal(storage.run('called', bound), 'bound');
});

test('static bind() of a subclass binds to a plain AsyncResource', () => {
  class Sub extends AsyncResource {
    runInAsyncScope() {
      assert.fail('not called');
    }
  }
  assert.equal(Sub.bind(() => 1)(), 1);
});

test('bound functions call runInAsyncScope() of a subclass', () => {
  const calls = [];
  class Sub extends AsyncResource {
    runInAsyncScope(fn, thisArg, ...args) {
      calls.push([thisArg, ...args]);
      return super.runInAsyncScope(fn, thisArg, ...args);
    }
  }
  const resource = new Sub('T');
  const receiver = {};
  assert.equal(resource.bind((value) => value).call(receiver, 1), 1);
  assert.equal(resource.bind((value) => value, receiver)(2), 2);
  assert.deepEqual(calls, [
    [receiver, 1],
    [receiver, 2],
  ]);
});
