'use strict';

// `async-hooks-rs/contexts`: contexts that cross to other threads and processes.

const { storageFor, defineCarrier, carry } = require('./dist/index')('contexts');

module.exports.storageFor = storageFor;
module.exports.defineCarrier = defineCarrier;
module.exports.carry = carry;
