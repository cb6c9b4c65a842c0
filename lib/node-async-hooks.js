'use strict';

// node:async_hooks with Node's own classes, also where `register`, of this or of another copy of
// the package, has put ours in their place. Everything in lib/ takes them from here: otherwise a
// class of ours would extend a class of ours.

const Module = require('node:module');
const { REPLACED } = require('./engine/shared.js');

// The module's own object, also where a hook on `require()` hands out another one, as agents do.
// Bun's _load() returns nothing.
const asyncHooks = Module._load?.('node:async_hooks') ?? require('node:async_hooks');

// Descriptors and not values: on Node 22 and later AsyncLocalStorage is a getter, and to read it
// is what switches AsyncContextFrame on.
module.exports = Object.create(null, {
  ...Object.getOwnPropertyDescriptors(asyncHooks),
  ...asyncHooks[REPLACED]?.descriptors,
});
