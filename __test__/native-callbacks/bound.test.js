'use strict';

// What a bound function leaves alone: how the program formats stacks, the memory of stores, and
// functions that cannot be looked at.

const assert = require('node:assert/strict');
const test = require('node:test');
const { name, nodeCarriesFrames } = require('../helpers/engine.js');
const { addonFile, missing } = require('../helpers/native-kinds.js');
const { runProgram } = require('../helpers/program.js');

const skip = missing();
const inNewProcess = (program, data = {}, args = []) =>
  runProgram(program, { args, data: { file: addonFile(), ...data } });

const prepares = {
  'an accessor': 'get: () => format, set(value) { format = value; }',
  'an accessor without a setter': 'get: () => format',
  'a function': 'value: format, writable: true',
  'not writable': 'value: format, writable: false',
};

for (const [title, descriptor] of Object.entries(prepares)) {
  test(`Error.prepareStackTrace is ${title}: it stays`, { skip }, async () => {
    const found = await inNewProcess(`async ({ file }) => {
      const { AsyncLocalStorage, keepNativeCallbacks } = require('./index.js');
      keepNativeCallbacks({ resources: false });
      const addon = require(file);
      const storage = new AsyncLocalStorage();
      storage.run('A', () => addon.listenerOn(() => storage.getStore()));
      let format = (error) => 'formatted ' + error;
      const original = format;
      Object.defineProperty(Error, 'prepareStackTrace', { configurable: true, ${descriptor} });
      const before = Object.getOwnPropertyDescriptor(Error, 'prepareStackTrace');
      Error.stackTraceLimit = 7;
      const seen = storage.run('B', () => addon.listenerCall());
      const after = Object.getOwnPropertyDescriptor(Error, 'prepareStackTrace');
      return [seen, new Error('text').stack, Error.stackTraceLimit, format === original,
        Object.keys(before).every((key) => before[key] === after[key])];
    }`);
    assert.deepEqual(found, ['B', 'formatted Error: text', 7, true, true]);
  });
}

test('Error.prepareStackTrace is absent: stacks look as before', { skip }, async () => {
  const found = await inNewProcess(async ({ file }) => {
    const { AsyncLocalStorage, keepNativeCallbacks } = require('./index.js');
    keepNativeCallbacks({ resources: false });
    const addon = require(file);
    const storage = new AsyncLocalStorage();
    storage.run('A', () => addon.listenerOn(() => storage.getStore()));
    delete Error.prepareStackTrace;
    const keys = Object.keys(Error);
    const seen = [1, 2].map(() => storage.run('B', () => addon.listenerCall()));
    const [first, second] = new Error('text').stack.split('\n');
    return [
      seen,
      first,
      second.startsWith('    at '),
      Error.prepareStackTrace === undefined,
      Object.keys(Error).join() === keys.join(),
    ];
  });
  assert.deepEqual(found, [['B', 'B'], 'Error: text', true, true, true]);
});

test('a function keeps no store alive after the addon has let go of it', { skip }, async () => {
  const found = await inNewProcess(async ({ file }) => {
    const { AsyncLocalStorage, keepNativeCallbacks } = require('./index.js');
    const { collectUntil } = require('./__test__/helpers/gc.js');
    keepNativeCallbacks({ resources: false });
    const addon = require(file);
    const storage = new AsyncLocalStorage();
    const functions = [];
    const references = [];
    const A_FEW = 2; // Node and V8 keep the last ones of some objects
    for (let i = 0; i < 50; i++) {
      const fn = () => i;
      const store = { i };
      functions.push(fn);
      references.push(new WeakRef(store));
      storage.run(store, () => addon.callSync(fn));
    }
    const held = { held: true };
    const last = new WeakRef(held);
    storage.run(held, () => addon.listenerOn(() => storage.getStore().held));
    const alive = () => references.filter((one) => one.deref() !== undefined).length;
    await collectUntil(() => alive() <= A_FEW);
    return [alive() <= A_FEW, functions.length, addon.listenerCall(), last.deref() !== undefined];
  });
  assert.deepEqual(found, [true, 50, true, true]);
});

test('functions that throw when they are looked at are handed over', { skip }, async () => {
  const found = await inNewProcess(({ file }) => {
    const { AsyncLocalStorage, keepNativeCallbacks } = require('./index.js');
    keepNativeCallbacks({ resources: false });
    const addon = require(file);
    const storage = new AsyncLocalStorage();
    const fail = () => {
      throw new Error('looked at');
    };
    const { proxy: revoked, revoke } = Proxy.revocable(() => {}, {});
    revoke();
    const trapped = new Proxy(() => {}, { getOwnPropertyDescriptor: fail });
    const getter = Object.defineProperty(() => storage.getStore(), 'length', { get: fail });
    return storage.run('A', () => [
      addon.identity(revoked) === revoked,
      addon.identity(trapped) === trapped,
      addon.identity(getter) === getter,
    ]);
  });
  assert.deepEqual(found, [true, true, true]);
});

// Where Node carries V8's slot, it is known what JavaScript has entered, without the stack.
const slot = {
  skip:
    skip ||
    (!(nodeCarriesFrames && ['frame', 'builtin'].includes(name)) &&
      'contexts are not in the slot here'),
};

test('a context of JavaScript is known without the stack', slot, async () => {
  const found = await inNewProcess(({ file }) => {
    const { AsyncLocalStorage, keepNativeCallbacks } = require('./index.js');
    keepNativeCallbacks();
    const addon = require(file);
    const storage = new AsyncLocalStorage();
    storage.run('A', () => addon.listenerOn(() => storage.getStore()));
    let touches = 0;
    const touch = () => {
      touches++;
    };
    Object.defineProperty(Error, 'prepareStackTrace', { get: touch, set: touch });
    return [storage.run('B', () => addon.listenerCall()), touches];
  });
  assert.deepEqual(found, ['B', 0]);
});

test('frozen intrinsics: the answer of the hook is corrected', slot, async () => {
  const found = await inNewProcess(async ({ file }) => {
    const { AsyncLocalStorage, keepNativeCallbacks } = require('./index.js');
    keepNativeCallbacks();
    const addon = require(file);
    const storage = new AsyncLocalStorage();
    Object.freeze(Error);
    storage.run('A', () => addon.channelOpen());
    const seen = await new Promise((resolve) => {
      storage.run('B', () => addon.channelCall(() => resolve(storage.getStore())));
    });
    addon.channelClose();
    return seen;
  });
  assert.equal(found, 'B');
});

test('a proxy that throws, as the resource of an addon, is no obstacle', slot, async () => {
  const found = await inNewProcess(({ file }) => {
    const { AsyncLocalStorage, keepNativeCallbacks } = require('./index.js');
    keepNativeCallbacks();
    const addon = require(file);
    const fail = () => {
      throw new Error('looked at');
    };
    for (const trap of ['set', 'getPrototypeOf']) {
      const resource = new Proxy({}, { [trap]: fail });
      new AsyncLocalStorage().run('A', () => addon.contextOpen(resource));
      addon.contextClose();
    }
    return 'goes on';
  });
  assert.equal(found, 'goes on');
});
