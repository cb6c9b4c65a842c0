'use strict';

// The context of native objects that the hook carries: it is there for one callback, whatever that
// does, and the hook costs no tracking of promises.

const assert = require('node:assert/strict');
const test = require('node:test');
const { nodeCarriesFrames, name } = require('../helpers/engine.js');
const { addonFile, missing } = require('../helpers/native-kinds.js');
const { runProgram } = require('../helpers/program.js');

const skip = missing();
const onlyHook = {
  skip: skip || (!(nodeCarriesFrames && ['frame', 'builtin'].includes(name)) && 'no hook here'),
};
// Without the flag the errors of such callbacks are warnings.
const args = ['--force-node-api-uncaught-exceptions-policy=true'];
const inNewProcess = (program) => runProgram(program, { args, data: addonFile() });

test('after a callback that throws, enters a store or waits, nothing is left', {
  skip,
}, async () => {
  const found = await inNewProcess(async (file) => {
    const { AsyncLocalStorage, keepNativeCallbacks } = require('./index.js');
    keepNativeCallbacks({ arguments: false });
    const addon = require(file);
    const storage = new AsyncLocalStorage();
    const seen = [];
    const look = (where) => seen.push(`${where} ${storage.getStore()}`);
    /** A callback of a native object of A, and then one of an object of no context. */
    const both = (callback) =>
      new Promise((resolve) => {
        const called = new Promise((began) => {
          storage.run('A', () =>
            addon.fromThread(() => {
              began();
              return callback();
            }),
          );
        });
        setImmediate(() =>
          addon.sharedOpen(() => {
            look('next');
            addon.sharedClose();
            resolve();
          }),
        );
        called.then(() => setImmediate(() => addon.sharedPost()));
      });
    process.on('uncaughtException', () => look('uncaught'));
    await both(() => {
      look('throws');
      throw new Error('thrown');
    });
    await both(() => {
      storage.enterWith('B');
      look('enters');
    });
    await both(async () => {
      look('waits');
      await null;
      look('goes on');
      setTimeout(look, 1, 'timer');
      process.nextTick(look, 'tick');
    });
    return seen;
  });
  assert.deepEqual(
    found.filter((line) => line !== 'timer A'),
    [
      'throws A',
      'uncaught A',
      'next undefined',
      'enters B',
      'next undefined',
      'waits A',
      'goes on A',
      'tick A',
      'next undefined',
    ],
  );
  assert.ok(found.includes('timer A'));
});

test('promises are not tracked', { skip }, async () => {
  const id = await inNewProcess(async (file) => {
    const { executionAsyncId, keepNativeCallbacks } = require('./index.js');
    keepNativeCallbacks();
    require(file);
    await null;
    return executionAsyncId();
  });
  assert.equal(id, 0);
});

test('there is no hook before an addon is loaded, and after disable()', onlyHook, async () => {
  const found = await inNewProcess((file) => {
    const { AsyncLocalStorage, keepNativeCallbacks } = require('./index.js');
    const storage = new AsyncLocalStorage();
    const kept = keepNativeCallbacks({ arguments: false });
    const called = (start) =>
      new Promise((resolve) => {
        storage.run('A', () => start(() => resolve(storage.getStore() ?? 'none')));
      });
    // Node refuses an empty type while there is a hook.
    const hasHook = () => {
      try {
        new (require('node:async_hooks').AsyncResource)('');
        return false;
      } catch {
        return true;
      }
    };
    return (async () => {
      const seen = [hasHook()];
      const addon = require(file);
      seen.push(hasHook(), await called(addon.fromThread));
      storage.run('A', () => addon.channelOpen()); // an object that outlives the hook
      kept.disable();
      seen.push(hasHook(), await called(addon.fromThread));
      keepNativeCallbacks({ arguments: false });
      seen.push(await called((done) => storage.run('B', () => addon.channelCallObject({ done }))));
      addon.channelClose();
      return seen;
    })();
  });
  assert.deepEqual(found, [false, true, 'A', false, 'none', 'A']);
});

test('a frozen object as the resource of an addon is no obstacle', onlyHook, async () => {
  const found = await inNewProcess((file) => {
    const { AsyncLocalStorage, keepNativeCallbacks } = require('./index.js');
    keepNativeCallbacks();
    const addon = require(file);
    return new AsyncLocalStorage().run('A', () => {
      addon.contextOpen(Object.freeze({}));
      return 'opened';
    });
  });
  assert.equal(found, 'opened');
});

test('nor is it, or a proxy that throws, to an engine that keeps frames', {
  skip: skip || (name === 'builtin' && !nodeCarriesFrames && 'Node ends the process'),
}, async () => {
  const found = await inNewProcess((file) => {
    const { AsyncLocalStorage } = require('./index.js');
    const addon = require(file);
    const set = () => {
      throw new Error('written');
    };
    return new AsyncLocalStorage().run('A', () => {
      for (const resource of [Object.freeze({}), new Proxy({}, { set })]) {
        addon.contextOpen(resource);
        addon.contextClose();
      }
      return 'opened';
    });
  });
  assert.equal(found, 'opened');
});

test('stores are let go of after their callbacks', { skip }, async () => {
  const found = await inNewProcess(async (file) => {
    const { AsyncLocalStorage, keepNativeCallbacks } = require('./index.js');
    const { collectUntil } = require('./__test__/helpers/gc.js');
    const CALLS = 50;
    const A_FEW = 2; // Node and the addon keep the last of some objects
    keepNativeCallbacks();
    const addon = require(file);
    const storage = new AsyncLocalStorage();
    const references = [];
    const call = () =>
      new Promise((resolve) => {
        const store = { bytes: new Array(10).fill(0) };
        references.push(new WeakRef(store));
        storage.run(store, () => {
          addon.work(() => addon.makeFunction()(() => addon.fromThread(resolve)));
        });
      });
    for (let i = 0; i < CALLS; i++) await call();
    const alive = () => references.filter((one) => one.deref() !== undefined).length;
    const before = alive();
    await collectUntil(() => alive() <= A_FEW);
    return [before > A_FEW, alive() <= A_FEW];
  });
  assert.deepEqual(found, [true, true]);
});
