'use strict';

const test = require('node:test');
const assert = require('node:assert/strict');
const vm = require('node:vm');
const { AsyncLocalStorage } = require('async-hooks-rs');
const { storageFor, defineCarrier } = require('async-hooks-rs/contexts');
const evaluate = require('../fixtures/other-realm.js');

const carrier = (name) => ({ name, capture() {}, enter: (_, fn) => fn() });

test('a name has one storage, which is an AsyncLocalStorage of that name', () => {
  const storage = storageFor('definitions.one');
  assert.ok(storage instanceof AsyncLocalStorage);
  assert.equal(storage.name, 'definitions.one');
  assert.equal(storageFor('definitions.one'), storage);
  assert.notEqual(storageFor('definitions.other'), storage);
});

test('another copy of the package, in another realm, has the same storage', () => {
  const { storageFor: ofOther } = evaluate('contexts.js', vm.createContext());
  const storage = ofOther('definitions.copies');
  assert.equal(storageFor('definitions.copies'), storage);
  storage.run('store', () => {
    assert.equal(storageFor('definitions.copies').getStore(), 'store');
  });
});

test('a later call adds the functions that were missing', () => {
  const serialize = () => 1;
  storageFor('definitions.completed', { serialize });
  storageFor('definitions.completed', { serialize, deserialize() {} });
  assert.throws(() => storageFor('definitions.completed', { serialize: () => 1 }), {
    name: 'Error',
    code: 'ERR_ASYNC_HOOKS_RS_CONTEXT_CONFLICT',
    message:
      "The context 'definitions.completed' is defined already in this thread, " +
      'with another serialize()',
  });
});

test('a call that conflicts adds nothing', () => {
  const serialize = () => 1;
  storageFor('definitions.kept', { serialize });
  assert.throws(() => storageFor('definitions.kept', { deserialize() {}, serialize() {} }), {
    code: 'ERR_ASYNC_HOOKS_RS_CONTEXT_CONFLICT',
  });
  storageFor('definitions.kept', { deserialize: () => 2 });
});

test('a name is a storage or a carrier', () => {
  storageFor('definitions.storage');
  assert.throws(() => defineCarrier(carrier('definitions.storage')), {
    code: 'ERR_ASYNC_HOOKS_RS_CONTEXT_CONFLICT',
  });
  const defined = carrier('definitions.carrier');
  assert.equal(defineCarrier(defined), defined);
  assert.equal(defineCarrier(defined), defined);
  assert.throws(() => storageFor('definitions.carrier'), {
    code: 'ERR_ASYNC_HOOKS_RS_CONTEXT_CONFLICT',
  });
  assert.throws(() => defineCarrier(carrier('definitions.carrier')), {
    code: 'ERR_ASYNC_HOOKS_RS_CONTEXT_CONFLICT',
  });
});

test('a carrier may have the methods of its class', () => {
  class Carrier {
    name = 'definitions.class';
    capture() {}
    enter(_, fn) {
      return fn();
    }
  }
  defineCarrier(new Carrier());
});

for (const [what, call, message] of [
  ['no name', () => storageFor(), 'The "name" argument must be a string that is not empty.'],
  [
    'an empty name',
    () => storageFor(''),
    'The "name" argument must be a string that is not empty.',
  ],
  [
    'null',
    () => storageFor('definitions.x', null),
    'The "options" argument must be of type object.',
  ],
  [
    'no function',
    () => storageFor('definitions.x', { merge: 1 }),
    'The "options.merge" property must be of type function.',
  ],
  ['no carrier', () => defineCarrier(), 'The "carrier" argument must be of type object.'],
  [
    'a carrier without a name',
    () => defineCarrier({ capture() {}, enter() {} }),
    'The "carrier.name" property must be a string that is not empty.',
  ],
  [
    'a carrier that cannot be entered',
    () => defineCarrier({ name: 'definitions.x', capture() {} }),
    'The "carrier.enter" property must be of type function.',
  ],
]) {
  test(`${what} is refused, where it was called`, () => {
    assert.throws(call, (error) => {
      assert.equal(error.code, 'ERR_INVALID_ARG_TYPE');
      assert.equal(error.message.slice(0, message.length), message);
      assert.match(error.stack, /^TypeError.*\n\s+at .*definitions\.test\.js/);
      return true;
    });
  });
}

test('an option that is inherited is none', () => {
  storageFor('definitions.inherited', Object.create({ merge: 1 }));
});
