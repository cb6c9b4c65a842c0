'use strict';

// A library in CommonJS, which has a storage of its own.

const { AsyncLocalStorage, AsyncResource } = require('async_hooks');

const storage = new AsyncLocalStorage();

module.exports = { AsyncLocalStorage, AsyncResource, storage };
