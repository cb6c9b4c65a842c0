'use strict';

// All copies of the package in a thread share one engine: two that install hooks would undo each
// other's work. It hangs on Node's own AsyncResource class, the same object in every realm of the
// thread (vm contexts and test runners make their own globalThis and process). The number is that
// of the protocol between copies, which is the Engine type of index.js and the shape of frames.
const SHARED = Symbol.for('async-hooks-rs.engine.1');

// What `register` of one copy has replaced, for the others: a record on the own object of
// node:async_hooks. Its `descriptors` are Node's properties.
const REPLACED = Symbol.for('async-hooks-rs.replaced');

module.exports = { SHARED, REPLACED };
