'use strict';

// `async-hooks-rs/contexts`: contexts that cross to other threads and processes.

const part = require('./dist/index')[Symbol.for('async-hooks-rs.part')];

const { storageFor, defineCarrier, carry } = part('contexts');

module.exports.storageFor = storageFor;
module.exports.defineCarrier = defineCarrier;
module.exports.carry = carry;
