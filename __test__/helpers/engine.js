'use strict';

// Which engine the suite runs on, and what is documented to differ on it (docs/compatibility.md).

const { engine } = require('../../index.js');
const asyncHooks = require('node:async_hooks');
const { runtime } = require('./runtimes.js');

const { name } = engine();

// Node carries V8's slot itself: AsyncContextFrame is on.
const sample = new asyncHooks.AsyncLocalStorage();
const nodeCarriesFrames = !('enabled' in sample);
sample.disable(); // an enabled storage would keep Node's hook enabled for the whole test file

const differs = {
  // What enterWith() enters in a callback stays on the resource for its next callback.
  enterWithSticksToResource: name === 'builtin' && !nodeCarriesFrames,
  // Handlers of 'unhandledRejection' see the scope the promise was made in, not that of the reject.
  rejectionSeenFromCreation: name === 'hooks' || (name === 'builtin' && !nodeCarriesFrames),
  // So does the then() of a thenable that a promise is resolved with.
  thenableSeenFromCreation: name === 'hooks' || (name === 'builtin' && !nodeCarriesFrames),
  // A snapshot carries our stores only, not those of built-in storages.
  snapshotIsOursOnly: !['frame', 'deno'].includes(name) &&
    (name !== 'slot-hooks' || !nodeCarriesFrames),
  // From the first scope on an init hook is enabled, and Node then refuses an empty type.
  initHookOnceEntered: name === 'hooks' || name === 'slot-hooks' ||
    (name === 'builtin' && !nodeCarriesFrames),
  // The very first enterWith() of a program, after an await, is seen by the caller of the function.
  firstEnterWithIsSeenByCaller: name === 'builtin' && !nodeCarriesFrames,
  // A promise that is kept keeps the stores of the scope it was made in.
  promisesKeepStores: name === 'hooks' || (name === 'builtin' && !nodeCarriesFrames),
  // So does a timer that is kept after it fired.
  resourcesKeepStores: name !== 'frame' && !(name === 'builtin' && nodeCarriesFrames),
  // 'uncaughtException' of a microtask comes after Node has left the microtask's resource.
  microtaskErrorSeenOutside: name === 'hooks' || (name === 'builtin' && !nodeCarriesFrames),
  // run() and withScope() call an enterWith() that the instance itself has, as Node's class does.
  ownEnterWithIsCalled: name === 'frame',
  // Where native code reads the stores, what is entered keeps its storage, as with Node's class.
  enteredStoresKeepStorages: name === 'frame' &&
    !['', '0', undefined].includes(process.env.ASYNC_HOOKS_RS_NATIVE_READERS),
  // What a handler of 'uncaughtException' enters is over before 'unhandledRejection', in the mode
  // of Node where one follows the other.
  reportEndsWithException: name === 'hooks',
  // After an error thrown in a tick, what has no scope of its own runs in that of the tick.
  failedScopeStays: name === 'builtin' && nodeCarriesFrames && runtime === 'node',
  // Node 22 keeps what is in the slot with each HTTP parser of its pool, and needs it there.
  parsersKeepStores: name === 'frame' || (name === 'builtin' && nodeCarriesFrames),
};

module.exports = { name, nodeCarriesFrames, differs };
