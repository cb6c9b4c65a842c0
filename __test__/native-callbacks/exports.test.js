'use strict';

// What an addon's exports are with functions that bind: as before, but for the functions' text.

const assert = require('node:assert/strict');
const test = require('node:test');
const { AsyncLocalStorage, keepNativeCallbacks } = require('../../index.js');
const { addonFile, missing } = require('../helpers/native-kinds.js');

const skip = missing();
const storage = new AsyncLocalStorage();
const inA = (fn) => storage.run('A', fn);

/** The addon without us, with a function of ours, and what ends that. */
function load() {
  const plain = { exports: {} };
  process.dlopen(plain, addonFile());
  const kept = keepNativeCallbacks({ resources: false });
  const module = { exports: {} };
  process.dlopen(module, addonFile());
  return { plain: plain.exports, addon: module.exports, kept };
}

/** Calls `look(module)` for an addon with these exports. Returns its exports afterwards. */
function loadFake(exports, look = () => {}) {
  const { dlopen } = process;
  process.dlopen = (module) => { module.exports = exports; };
  const kept = keepNativeCallbacks({ resources: false });
  const module = { exports: {} };
  try {
    process.dlopen(module, '/fake.node');
    look(module);
  } finally {
    kept.disable();
    process.dlopen = dlopen;
  }
  return module.exports;
}

test('functions keep their properties', { skip }, () => {
  const { plain, addon, kept } = load();
  assert.notEqual(String(addon.fromThread), String(plain.fromThread));
  const shape = (holder) => Reflect.ownKeys(holder).map((key) => {
    const { value, get, ...rest } = Object.getOwnPropertyDescriptor(holder, key);
    return [key, typeof value, typeof get, rest];
  });
  assert.deepEqual(shape(addon), shape(plain));
  assert.deepEqual(shape(addon.Thing.prototype), shape(plain.Thing.prototype));
  for (const name of ['fromThread', 'callSync']) {
    assert.deepEqual([addon[name].name, addon[name].length], [plain[name].name, 0]);
  }
  kept.disable();
});

test('getters are not called', { skip }, () => {
  const { addon, kept } = load();
  const before = addon.touches();
  void addon.accessor;
  assert.equal(addon.touches(), before + 1);
  kept.disable();
  assert.equal(addon.touches(), before + 1);
});

test('a class stays the same, and so do its instances', { skip }, () => {
  const { addon, kept } = load();
  const { Thing } = addon;
  class Derived extends Thing {}
  const thing = new Derived();
  assert.ok(thing instanceof Thing);
  assert.equal(Object.getPrototypeOf(new Thing()), Thing.prototype);
  assert.equal(thing.constructor, Derived);
  assert.equal(new Thing().constructor, Thing);
  kept.disable();
  assert.equal(addon.Thing, Thing);
});

test('new, and a class that extends a function of the addon', { skip }, () => {
  const { addon, kept } = load();
  assert.ok(new addon.nothing() instanceof addon.nothing);
  class Derived extends addon.nothing {}
  assert.equal(Object.getPrototypeOf(new Derived()), Derived.prototype);
  kept.disable();
});

test('what is handed over: the same in the same context, bound functions once', { skip }, () => {
  const { addon, kept } = load();
  const fn = () => {};
  assert.equal(addon.identity(fn), fn);
  inA(() => {
    const bound = addon.identity(fn);
    assert.notEqual(bound, fn);
    assert.equal(addon.identity(fn), bound);
    assert.equal(addon.identity(bound), bound);
    storage.run('B', () => assert.notEqual(addon.identity(fn), bound));
    addon.listenerOn(fn);
    assert.equal(addon.listenerIs(fn), true);
    const rest = [class {}, addon.Thing, Map, addon.callSync, {}, 'text', undefined];
    for (const value of rest) assert.equal(addon.identity(value), value);
  });
  kept.disable();
});

test('what is handed over keeps length, receiver, result, error and new', { skip }, () => {
  const { addon, kept } = load();
  inA(() => {
    const bound = addon.identity(function(a, b) { return [this, a, b, new.target]; });
    assert.equal(bound.length, 2);
    const receiver = {};
    assert.deepEqual(Reflect.apply(bound, receiver, [1, 2]), [receiver, 1, 2, undefined]);
    function Made() { this.target = new.target; }
    assert.equal(addon.construct(Made).target, Made);
    const error = new Error('thrown');
    assert.throws(() => addon.callSync(() => { throw error; }), (thrown) => thrown === error);
  });
  assert.equal(storage.getStore(), undefined);
  kept.disable();
});

test('an addon that exports a function', () => {
  const exported = (fn) => fn;
  exported.static = (fn) => fn;
  const original = exported.static;
  const after = loadFake(exported, (module) => {
    const fn = () => {};
    inA(() => {
      assert.notEqual(module.exports(fn), fn);
      assert.notEqual(module.exports.static(fn), fn);
    });
    assert.equal(module.exports.name, 'exported');
  });
  assert.deepEqual([after, after.static], [exported, original]);
});

test('frozen exports, and a proxy that throws, stay as they are', () => {
  const frozen = Object.freeze({ fn() {} });
  assert.equal(loadFake(frozen).fn, frozen.fn);
  const proxy = new Proxy({}, { ownKeys() { throw new Error('trap'); } });
  assert.equal(loadFake(proxy), proxy);
  for (const odd of [undefined, null, 1, 'text']) assert.equal(loadFake(odd), odd);
});

test('frozen intrinsics: a context of JavaScript stays', { skip }, async () => {
  const { runProgram } = require('../helpers/program.js');
  const seen = await runProgram((file) => {
    const { AsyncLocalStorage, keepNativeCallbacks } = require('./index.js');
    keepNativeCallbacks();
    const addon = require(file);
    const storage = new AsyncLocalStorage();
    storage.run('A', () => addon.listenerOn(() => storage.getStore()));
    Object.freeze(Error);
    return storage.run('B', () => addon.listenerCall());
  }, { data: addonFile() });
  assert.equal(seen, 'B');
});
