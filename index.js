'use strict';

// The public interface. One export per line: `import { … }` finds the names only in this form.

const asyncHooks = require('node:async_hooks');

module.exports.AsyncLocalStorage = require('./lib/async-local-storage.js').AsyncLocalStorage;
module.exports.AsyncResource = require('./lib/async-resource.js').AsyncResource;
module.exports.WorkerPool = require('./lib/worker-pool.js').WorkerPool;
module.exports.engine = require('./lib/engine/index.js').describe;

// The rest of node:async_hooks, so that a program changes only the name of the module.
module.exports.createHook = asyncHooks.createHook;
module.exports.executionAsyncId = asyncHooks.executionAsyncId;
module.exports.triggerAsyncId = asyncHooks.triggerAsyncId;
module.exports.executionAsyncResource = asyncHooks.executionAsyncResource;
module.exports.asyncWrapProviders = asyncHooks.asyncWrapProviders;
