'use strict';

// The public interface. One export per line: `import { … }` finds the names only in this form.

const asyncHooks = require('node:async_hooks');
const part = require('./dist/index');

module.exports.AsyncLocalStorage = part('async-local-storage').AsyncLocalStorage;
module.exports.AsyncResource = part('async-resource').AsyncResource;
module.exports.WorkerPool = part('worker-pool').WorkerPool;
module.exports.engine = part('engine/index').describe;
module.exports.keepNativeCallbacks = part('keep-native-callbacks').keepNativeCallbacks;

// The rest of node:async_hooks, so that a program changes only the name of the module.
module.exports.createHook = asyncHooks.createHook;
module.exports.executionAsyncId = asyncHooks.executionAsyncId;
module.exports.triggerAsyncId = asyncHooks.triggerAsyncId;
module.exports.executionAsyncResource = asyncHooks.executionAsyncResource;
module.exports.asyncWrapProviders = asyncHooks.asyncWrapProviders;
