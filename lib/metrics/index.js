'use strict';

// The functions of `async-hooks-rs/metrics`.

const { instrument } = require('./instrument.js');
const { prometheus } = require('./prometheus.js');

module.exports = { instrument, prometheus };
