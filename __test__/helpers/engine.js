'use strict';

// The engine that the suite runs on, and its documented differences (docs/compatibility.md).

const { engine } = require('../../index.js');
const asyncHooks = require('node:async_hooks');
const { runtime } = require('./runtimes.js');

const { name } = engine();

// Node carries V8's slot itself: AsyncContextFrame is on.
const sample = new asyncHooks.AsyncLocalStorage();
const nodeCarriesFrames = !('enabled' in sample);
sample.disable(); // an enabled storage would keep Node's hook enabled for the whole test file

const differs = {
  // A store of enterWith() in a callback stays on the resource for its next callback.
  enterWithSticksToResource: name === 'builtin' && !nodeCarriesFrames,
  // Handlers of 'unhandledRejection' see the scope in which the promise was created, not that of
  // the reject.
  rejectionSeenFromCreation: name === 'hooks' || (name === 'builtin' && !nodeCarriesFrames),
  // So does the then() of a thenable that a promise is resolved with.
  thenableSeenFromCreation: name === 'hooks' || (name === 'builtin' && !nodeCarriesFrames),
  // A snapshot carries our stores only, not those of built-in storages.
  snapshotIsOursOnly:
    !['frame', 'deno'].includes(name) && (name !== 'slot-hooks' || !nodeCarriesFrames),
  // From the first scope on an init hook is enabled, and Node then refuses an empty type.
  initHookOnceEntered:
    name === 'hooks' || name === 'slot-hooks' || (name === 'builtin' && !nodeCarriesFrames),
  // The caller of the function sees the very first enterWith() of a program after an await.
  firstEnterWithIsSeenByCaller: name === 'builtin' && !nodeCarriesFrames,
  // A kept promise keeps the stores of the scope in which it was created.
  promisesKeepStores: name === 'hooks' || (name === 'builtin' && !nodeCarriesFrames),
  // So does a kept timer after it fired.
  resourcesKeepStores: name !== 'frame' && !(name === 'builtin' && nodeCarriesFrames),
  // 'uncaughtException' of a microtask comes after Node has left the microtask's resource.
  microtaskErrorSeenOutside: name === 'hooks' || (name === 'builtin' && !nodeCarriesFrames),
  // run() and withScope() call an own enterWith() of the instance, as Node's class does.
  ownEnterWithIsCalled: name === 'frame',
  // Where native code reads the stores, an entered store keeps its storage, as with Node's class.
  enteredStoresKeepStorages:
    name === 'frame' && !['', '0', undefined].includes(process.env.ASYNC_HOOKS_RS_NATIVE_READERS),
  // A store entered by a handler of 'uncaughtException' ends before 'unhandledRejection', in the
  // mode of Node in which one follows the other.
  reportEndsWithException: name === 'hooks',
  // After an error in a tick, callbacks without a scope of their own run in the scope of the tick.
  failedScopeStays: name === 'builtin' && nodeCarriesFrames && runtime === 'node',
  // Node 22 keeps the content of the slot with each HTTP parser of its pool, and needs it there.
  parsersKeepStores: name === 'frame' || (name === 'builtin' && nodeCarriesFrames),
};

module.exports = { name, nodeCarriesFrames, differs };
