'use strict';

// How addons are noticed: in any order with other code that replaces process.dlopen, with other
// copies of the package, in Workers, and after they were loaded.

const assert = require('node:assert/strict');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const test = require('node:test');
const { pathToFileURL } = require('node:url');
const { addonFile, missing } = require('../helpers/native-kinds.js');
const { copyPackage } = require('../helpers/package-copy.js');
const { runProgram } = require('../helpers/program.js');

const skip = missing();
const inNewProcess = (program, data = {}) =>
  runProgram(program, { data: { file: skip ? '' : addonFile(), ...data } });

test('an addon that is loaded already', { skip }, async () => {
  const found = await inNewProcess(({ file }) => {
    const addon = require(file);
    const { call } = addon.Thing.prototype;
    const { fromThread } = addon;
    const { keepNativeCallbacks } = require('./index.js');
    const kept = keepNativeCallbacks();
    const during = [require(file) === addon, addon.fromThread === fromThread, kept.addons.length];
    kept.disable();
    return [
      ...during,
      addon.fromThread === fromThread,
      addon.Thing.prototype.call === call,
      kept.addons.length,
    ];
  });
  assert.deepEqual(found, [true, false, 1, true, true, 0]);
});

test('what is loaded by an ES module, and by process.dlopen()', { skip }, async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'async-hooks-rs-'));
  try {
    const file = path.join(folder, 'module.cjs');
    fs.writeFileSync(file, `exports.addon = require(${JSON.stringify(addonFile())});`);
    const found = await inNewProcess(
      async ({ url, file: addon }) => {
        const { keepNativeCallbacks } = require('./index.js');
        keepNativeCallbacks();
        const imported = await import(url);
        const module = { exports: {} };
        process.dlopen(module, addon);
        return [imported.addon, module.exports].map(({ fromThread }) =>
          /native code/.test(String(fromThread)),
        );
      },
      { url: pathToFileURL(file) },
    );
    assert.deepEqual(found, [false, false]);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
});

test('dlopen() gets its arguments and receiver; its errors pass through', async () => {
  const found = await inNewProcess(() => {
    const { keepNativeCallbacks } = require('./index.js'); // some engines load our own addon
    const calls = [];
    const error = new Error('no addon');
    process.dlopen = function (...args) {
      calls.push([this === process, ...args]);
      if (args.length > 2) throw error;
      return 'result';
    };
    const kept = keepNativeCallbacks();
    const { stack } = error;
    const seen = [process.dlopen.name, process.dlopen('module', 'file')];
    try {
      process.dlopen('module', 'file', 'flags');
    } catch (thrown) {
      seen.push(thrown === error, error.stack === stack);
    }
    return [...seen, calls, kept.addons];
  });
  assert.deepEqual(found, [
    'dlopen',
    'result',
    true,
    true,
    [
      [true, 'module', 'file'],
      [true, 'module', 'file', 'flags'],
    ],
    ['file'],
  ]);
});

test('dlopen() is put back, but not what others have put over it', async () => {
  const found = await inNewProcess(() => {
    const { keepNativeCallbacks } = require('./index.js');
    const { dlopen } = process;
    const first = keepNativeCallbacks();
    const ours = process.dlopen;
    const second = keepNativeCallbacks();
    const seen = [ours !== dlopen, process.dlopen === ours];
    first.disable();
    first.disable();
    seen.push(process.dlopen === ours);
    second.disable();
    seen.push(process.dlopen === dlopen);
    const third = keepNativeCallbacks();
    const under = process.dlopen;
    const others = (process.dlopen = (...args) => Reflect.apply(under, process, args));
    third.disable();
    seen.push(process.dlopen === others);
    const fourth = keepNativeCallbacks();
    seen.push(process.dlopen !== others);
    fourth.disable();
    return [...seen, process.dlopen === others];
  });
  assert.deepEqual(found, Array(7).fill(true));
});

test('the paths that Windows has are known without their prefix', async () => {
  const found = await inNewProcess(() => {
    const { keepNativeCallbacks } = require('./index.js');
    process.dlopen = () => {};
    const all = keepNativeCallbacks();
    const some = keepNativeCallbacks({ arguments: [/^C:\/app\//] });
    for (const file of ['C:\\app\\one.node', '\\\\server\\share\\two.node']) {
      process.dlopen({ exports: {} }, require('node:path').win32.toNamespacedPath(file));
    }
    return [all.addons, some.addons];
  });
  const [one, two] = ['C:\\app\\one.node', '\\\\server\\share\\two.node'];
  assert.deepEqual(found, [[one, two], [one]]);
});

test('calls add up; each ends its own part', { skip }, async () => {
  const found = await inNewProcess(({ file }) => {
    const { keepNativeCallbacks } = require('./index.js');
    const none = keepNativeCallbacks({ arguments: false });
    const addon = require(file);
    const isNative = () => /native code/.test(String(addon.fromThread));
    const seen = [isNative()];
    const [one, two] = [keepNativeCallbacks({ arguments: [/./] }), keepNativeCallbacks()];
    seen.push(isNative(), one.addons.length, none.addons.length);
    none.disable();
    one.disable();
    seen.push(isNative());
    two.disable();
    return [...seen, isNative()];
  });
  assert.deepEqual(found, [true, false, 1, 0, false, true]);
});

test('what others have put in the place of a function stays', { skip }, async () => {
  const found = await inNewProcess(({ file }) => {
    const { AsyncLocalStorage, keepNativeCallbacks } = require('./index.js');
    const kept = keepNativeCallbacks();
    const addon = require(file);
    const { identity } = addon;
    addon.identity = (...args) => identity(...args);
    const others = addon.identity;
    kept.disable();
    const fn = () => {};
    return [addon.identity === others, new AsyncLocalStorage().run('A', () => others(fn) === fn)];
  });
  assert.deepEqual(found, [true, true]);
});

test('two copies of the package bind once', { skip }, async () => {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'async-hooks-rs-')));
  try {
    copyPackage(folder, (file) => /^(?:index|native)\.js$/.test(file));
    const found = await inNewProcess(
      async ({ file, copy }) => {
        const { AsyncLocalStorage, keepNativeCallbacks } = require('./index.js');
        const storage = new AsyncLocalStorage();
        storage.run('first', () => {}); // some engines replace dlopen, too
        const { dlopen } = process;
        const one = keepNativeCallbacks();
        const other = require(copy).keepNativeCallbacks();
        const addon = require(file);
        const seen = [one.addons.length, other.addons.length];
        one.disable();
        seen.push(
          await new Promise((resolve) => {
            storage.run('A', () => addon.fromThread(() => resolve(storage.getStore())));
          }),
        );
        other.disable();
        return [...seen, process.dlopen === dlopen, /native code/.test(String(addon.fromThread))];
      },
      { copy: path.join(folder, 'index.js') },
    );
    assert.deepEqual(found, [1, 1, 'A', true, true]);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
});

test('each thread for itself', { skip }, async () => {
  const found = await inNewProcess(async ({ file }) => {
    const { Worker } = require('node:worker_threads');
    const { once } = require('node:events');
    const { keepNativeCallbacks } = require('./index.js');
    keepNativeCallbacks();
    require(file);
    const look = async (keeps) => {
      const worker = new Worker(
        `
        const { keepNativeCallbacks } = require('./index.js');
        if (${keeps}) keepNativeCallbacks();
        const { fromThread } = require(${JSON.stringify(file)});
        require('node:worker_threads').parentPort.postMessage(String(fromThread));
      `,
        { eval: true },
      );
      const [[text]] = await Promise.all([once(worker, 'message'), once(worker, 'exit')]);
      return /native code/.test(text);
    };
    return [await look(false), await look(true)];
  });
  assert.deepEqual(found, [true, false]);
});

test('a process object that cannot be changed is no obstacle', { skip }, async () => {
  const found = await inNewProcess(({ file }) => {
    const { dlopen } = process;
    Object.defineProperty(process, 'dlopen', { writable: false, configurable: false });
    const { keepNativeCallbacks } = require('./index.js');
    const kept = keepNativeCallbacks();
    require(file);
    kept.disable();
    return [process.dlopen === dlopen, keepNativeCallbacks().addons.length];
  });
  assert.deepEqual(found, [true, 1]);
});
