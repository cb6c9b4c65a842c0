'use strict';

// Preloaded: the storages of this process have the same calls and track nothing.

const { load } = require('../contender.js');

const { AsyncLocalStorage } = load('none');

Object.defineProperty(require('node:async_hooks'), 'AsyncLocalStorage', {
  value: AsyncLocalStorage,
});
