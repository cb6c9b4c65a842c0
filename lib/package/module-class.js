'use strict';

// Node's Module class, which is also what `require('node:module')` returns. Loading that takes
// longer than all of the frames, and every module knows its class. Where `module` is not Node's (in
// a bundle, in a test runner, in Bun) it is required.

const { constructor: own } = /** @type {any} */ (module);

/** @type {typeof import('node:module')} */
const Module = typeof own?._load === 'function' ? own : require('node:module');

module.exports = Module;
