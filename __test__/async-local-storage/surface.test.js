'use strict';

// The surface of AsyncLocalStorage: keys, descriptors, names and lengths, and how instances look.

const test = require('node:test');
const assert = require('node:assert/strict');
const { inspect } = require('node:util');
const { MessageChannel } = require('node:worker_threads');
const { AsyncLocalStorage, AsyncResource } = require('../../index.js');
const { newTargets } = require('../helpers/new-targets.js');
const { shape } = require('../helpers/shape.js');
const { thrown, typeError } = require('../helpers/thrown.js');

test("the class has the static keys of Node's class", () => {
  assert.deepEqual(shape(AsyncLocalStorage), {
    length: 'c',
    name: 'c',
    prototype: '',
    bind: 'cw fn bind/1',
    snapshot: 'cw fn snapshot/0',
  });
});

test("the class has the name and length of Node's class", () => {
  assert.equal(AsyncLocalStorage.name, 'AsyncLocalStorage');
  assert.equal(AsyncLocalStorage.length, 0);
});

test("the prototype has the keys of Node's class, in order", () => {
  assert.deepEqual(Reflect.ownKeys(AsyncLocalStorage.prototype), [
    'constructor',
    'name',
    'disable',
    'enterWith',
    'run',
    'exit',
    'getStore',
    'withScope',
  ]);
  assert.equal(Object.getPrototypeOf(AsyncLocalStorage.prototype), Object.prototype);
});

test("the prototype has the descriptors of Node's class", () => {
  assert.deepEqual(shape(AsyncLocalStorage.prototype), {
    constructor: 'cw fn AsyncLocalStorage/0',
    name: 'c get',
    disable: 'cw fn disable/0',
    enterWith: 'cw fn enterWith/1',
    run: 'cw fn run/2',
    exit: 'cw fn exit/1',
    getStore: 'cw fn getStore/0',
    withScope: 'cw fn withScope/1',
  });
});

test('an instance has no own keys: new, used or disabled', () => {
  const storage = new AsyncLocalStorage({ name: 'n', defaultValue: 1 });
  assert.deepEqual(Reflect.ownKeys(storage), []);
  storage.run(1, () => assert.deepEqual(Reflect.ownKeys(storage), []));
  storage.disable();
  assert.deepEqual(Reflect.ownKeys(storage), []);
});

test('no member from before AsyncContextFrame is left', () => {
  const storage = new AsyncLocalStorage();
  for (const key of ['_enable', '_propagate', 'enabled', 'kResourceStore']) {
    assert.equal(key in storage, false, key);
  }
});

test('util.inspect shows neither name nor stores', () => {
  const storage = new AsyncLocalStorage({ name: 'n', defaultValue: 'secret' });
  assert.equal(inspect(storage), 'AsyncLocalStorage {}');
  storage.run('secret', () => assert.equal(inspect(storage), 'AsyncLocalStorage {}'));
});

test('util.inspect of a subclass shows its name', () => {
  class Sub extends AsyncLocalStorage {}
  assert.equal(inspect(new Sub()), 'Sub {}');
});

test('instances have no Symbol.toStringTag', () => {
  assert.equal(String(new AsyncLocalStorage()), '[object Object]');
});

test('JSON.stringify gives an empty object', () => {
  assert.equal(JSON.stringify(new AsyncLocalStorage({ name: 'n', defaultValue: 1 })), '{}');
});

test('a call without new throws a TypeError', () => {
  assert.deepEqual(
    thrown(() => AsyncLocalStorage()),
    typeError("Class constructor AsyncLocalStorage cannot be invoked without 'new'"),
  );
});

test('structuredClone gives an empty object', () => {
  const clone = structuredClone(new AsyncLocalStorage({ name: 'n' }));
  assert.deepEqual(clone, {});
  assert.equal(Object.getPrototypeOf(clone), Object.prototype);
});

test('postMessage gives an empty object', async () => {
  const { port1, port2 } = new MessageChannel();
  const received = new Promise((resolve) => port2.once('message', resolve));
  port1.postMessage(new AsyncLocalStorage());
  assert.deepEqual(await received, {});
  port1.close();
});

test('neither a storage nor a new key of it is disposable', () => {
  const storage = new AsyncLocalStorage();
  for (const symbol of [Symbol.dispose, Symbol.asyncDispose]) {
    if (symbol !== undefined) assert.equal(symbol in storage, false);
  }
});

test('a subclass inherits everything', () => {
  class Sub extends AsyncLocalStorage {
    constructor() {
      super({ name: 'sub', defaultValue: 'd' });
    }
  }
  const storage = new Sub();
  assert.ok(storage instanceof AsyncLocalStorage);
  assert.equal(storage.name, 'sub');
  assert.equal(storage.getStore(), 'd');
  assert.equal(
    storage.run(1, () => storage.getStore()),
    1,
  );
  assert.equal(Sub.bind, AsyncLocalStorage.bind);
  assert.equal(Sub.snapshot, AsyncLocalStorage.snapshot);
});

test('instances are extensible', () => {
  const storage = new AsyncLocalStorage();
  storage.extra = 1;
  assert.deepEqual(Reflect.ownKeys(storage), ['extra']);
});

test('one storage does not see a scope of another', () => {
  const one = new AsyncLocalStorage();
  const other = new AsyncLocalStorage();
  one.run(1, () => {
    assert.equal(other.getStore(), undefined);
    other.run(2, () => assert.deepEqual([one.getStore(), other.getStore()], [1, 2]));
    assert.equal(other.getStore(), undefined);
  });
});

test('AsyncLocalStorage does not extend AsyncResource', () => {
  assert.equal(new AsyncLocalStorage() instanceof AsyncResource, false);
});

test('an instance for another new.target has its prototype, and works', () => {
  const { getStore, run } = AsyncLocalStorage.prototype;
  for (const target of newTargets()) {
    const [ours, plain] = [AsyncLocalStorage, class {}].map((Class) =>
      Reflect.construct(Class, [], target),
    );
    assert.equal(Object.getPrototypeOf(ours), Object.getPrototypeOf(plain));
    assert.equal(
      run.call(ours, 1, () => getStore.call(ours)),
      1,
    );
  }
});
