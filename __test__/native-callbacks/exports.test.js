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
  const plain = loadPlain();
  const kept = keepNativeCallbacks({ resources: false });
  const module = { exports: {} };
  process.dlopen(module, addonFile());
  return { plain, addon: module.exports, kept };
}

/** The exports of the addon, without us. */
function loadPlain() {
  const module = { exports: {} };
  process.dlopen(module, addonFile());
  return module.exports;
}

/** Calls `look(module)` for an addon with these exports. Returns its exports afterwards. */
function loadFake(exports, look = () => {}) {
  const { dlopen } = process;
  process.dlopen = (module) => {
    module.exports = exports;
  };
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
  const shape = (holder) =>
    Reflect.ownKeys(holder).map((key) => {
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
    const bound = addon.identity(function (a, b) {
      return [this, a, b, new.target];
    });
    assert.equal(bound.length, 2);
    const receiver = {};
    assert.deepEqual(Reflect.apply(bound, receiver, [1, 2]), [receiver, 1, 2, undefined]);
    function Made() {
      this.target = new.target;
    }
    assert.equal(addon.construct(Made).target, Made);
    const error = new Error('thrown');
    assert.throws(
      () =>
        addon.callSync(() => {
          throw error;
        }),
      (thrown) => thrown === error,
    );
  });
  assert.equal(storage.getStore(), undefined);
  kept.disable();
});

test('an addon that exports a function', { skip }, () => {
  const exported = loadPlain().identity;
  const original = loadPlain().identity;
  exported.static = original;
  const after = loadFake(exported, (module) => {
    const fn = () => {};
    inA(() => {
      assert.notEqual(module.exports(fn), fn);
      assert.notEqual(module.exports.static(fn), fn);
    });
    assert.equal(module.exports.name, 'identity');
  });
  assert.deepEqual([after, after.static], [exported, original]);
});

test('what JavaScript adds to an addon stays, also at a later call', { skip }, () => {
  const bound = function (fn) {
    return fn;
  }.bind(null);
  const added = {
    on(fn) {
      return fn;
    },
    arrow: (fn) => fn,
    bound,
    proxy: new Proxy(bound, {}),
    assign: Object.assign,
    Map,
    Made: class {
      method(fn) {
        return fn;
      }
    },
  };
  const { method } = added.Made.prototype;
  const { forEach } = Map.prototype;
  const look = (exports) => {
    for (const [key, value] of Object.entries(added)) {
      assert.equal(exports[key], value, key);
      assert.equal(exports.Thing.prototype[key], value, key);
    }
    assert.equal(added.Made.prototype.method, method);
    assert.equal(Map.prototype.forEach, forEach);
  };
  const add = (exports) => {
    Object.assign(exports, added);
    Object.assign(exports.Thing.prototype, added);
    return exports;
  };
  loadFake(add(loadPlain()), ({ exports }) => {
    look(exports);
    assert.doesNotMatch(String(exports.Thing.prototype.call), /native code/);
  });
  const { addon, kept } = load();
  add(addon);
  const second = keepNativeCallbacks({ resources: false });
  look(addon);
  second.disable();
  kept.disable();
});

test('an odd member does not keep the others from being replaced', { skip }, () => {
  const { Thing, callSync, nothing } = loadPlain();
  const odd = {
    circle: () => {
      Thing.nothing = nothing;
      Thing.self = Thing;
      return { Thing };
    },
    noPrototype: () => {
      callSync.prototype = undefined;
      callSync.code = 1;
      return { callSync };
    },
    trap: () => {
      const { proxy, revoke } = Proxy.revocable({}, {});
      revoke();
      return { proxy };
    },
  };
  for (const [name, make] of Object.entries(odd)) {
    loadFake({ ...make(), last: loadPlain().identity }, ({ exports: { last } }) => {
      const fn = () => {};
      assert.notEqual(
        inA(() => last(fn)),
        fn,
        name,
      );
    });
  }
});

test('accessors on Object.prototype are no obstacle', { skip }, async () => {
  const { runProgram } = require('../helpers/program.js');
  const found = await runProgram(
    (file) => {
      const { keepNativeCallbacks } = require('./index.js');
      const { dlopen } = process;
      const kept = keepNativeCallbacks({ resources: false });
      Object.prototype.get = function () {};
      const addon = require(file);
      const isNative = () => /native code/.test(String(addon.fromThread));
      const seen = [isNative()];
      kept.disable();
      delete Object.prototype.get;
      return [...seen, isNative(), process.dlopen === dlopen];
    },
    { data: addonFile() },
  );
  assert.deepEqual(found, [false, true, true]);
});

test('arguments of new are not bound', { skip }, () => {
  const { addon, kept } = load();
  const fn = () => {};
  assert.equal(
    inA(() => new addon.identity(fn)),
    fn,
  );
  kept.disable();
});

test('an addon that is loaded again and again is let go of', { skip }, async () => {
  const { runProgram } = require('../helpers/program.js');
  const alive = await runProgram(
    async (file) => {
      const { keepNativeCallbacks } = require('./index.js');
      const { collectUntil } = require('./__test__/helpers/gc.js');
      const kept = keepNativeCallbacks({ resources: false });
      const references = [];
      for (let i = 0; i < 20; i++) {
        const addon = { exports: {} };
        process.dlopen(addon, file);
        references.push(new WeakRef(addon.exports));
      }
      const alive = () => references.filter((one) => one.deref() !== undefined).length;
      await collectUntil(() => alive() <= 1); // the last one is known by its file
      kept.disable();
      return alive();
    },
    { data: addonFile() },
  );
  assert.equal(alive, 1);
});

test('frozen exports, and a proxy that throws, stay as they are', () => {
  const frozen = Object.freeze({ fn() {} });
  assert.equal(loadFake(frozen).fn, frozen.fn);
  const proxy = new Proxy(
    {},
    {
      ownKeys() {
        throw new Error('trap');
      },
    },
  );
  assert.equal(loadFake(proxy), proxy);
  for (const odd of [undefined, null, 1, 'text']) assert.equal(loadFake(odd), odd);
});

test('frozen intrinsics: a context of JavaScript stays', { skip }, async () => {
  const { runProgram } = require('../helpers/program.js');
  const seen = await runProgram(
    (file) => {
      const { AsyncLocalStorage, keepNativeCallbacks } = require('./index.js');
      keepNativeCallbacks();
      const addon = require(file);
      const storage = new AsyncLocalStorage();
      storage.run('A', () => addon.listenerOn(() => storage.getStore()));
      Object.freeze(Error);
      return storage.run('B', () => addon.listenerCall());
    },
    { data: addonFile() },
  );
  assert.equal(seen, 'B');
});
