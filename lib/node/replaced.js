'use strict';

// What `register` of one copy of the package has replaced, for all other copies: a record that is a
// property of node:async_hooks itself. Its `descriptors` are Node's properties.
const REPLACED = Symbol.for('async-hooks-rs.replaced');

module.exports = { REPLACED };
