'use strict';

// The public interface. One export per line: `import { … }` finds the names only in this form.

const asyncHooks = require('node:async_hooks');
const part = require('./dist/index')[Symbol.for('async-hooks-rs.part')];

part('node/clock'); // before a test replaces what it keeps

module.exports.AsyncLocalStorage = part('async-local-storage').AsyncLocalStorage;
module.exports.AsyncResource = part('async-resource').AsyncResource;
module.exports.engine = part('engine/index').describe;
module.exports.keepNativeCallbacks = part('keep-native-callbacks').keepNativeCallbacks;

// Loaded when it is first read, because most programs have no pool. Then a property like the others.
// `import { WorkerPool }` finds the name in the assignment; were this Object.defineProperty(), it
// would take the getter for one that must not be called.
const { defineProperty } = Object;
const define = (WorkerPool) =>
  defineProperty(module.exports, 'WorkerPool', {
    __proto__: null,
    value: WorkerPool,
    writable: true,
    enumerable: true,
    configurable: true,
  });
module.exports.WorkerPool = undefined;
defineProperty(module.exports, 'WorkerPool', {
  __proto__: null,
  get: () => define(part('worker-pool').WorkerPool).WorkerPool,
  set: define,
  enumerable: true,
  configurable: true,
});

// The rest of node:async_hooks, so that a program changes only the name of the module.
module.exports.createHook = asyncHooks.createHook;
module.exports.executionAsyncId = asyncHooks.executionAsyncId;
module.exports.triggerAsyncId = asyncHooks.triggerAsyncId;
module.exports.executionAsyncResource = asyncHooks.executionAsyncResource;
module.exports.asyncWrapProviders = asyncHooks.asyncWrapProviders;
