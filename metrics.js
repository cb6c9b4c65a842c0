'use strict';

// `async-hooks-rs/metrics`: what pools do, for OpenTelemetry and for Prometheus.

const part = require('./dist/index')[Symbol.for('async-hooks-rs.part')];

const { instrument, prometheus } = part('metrics/index');

module.exports.instrument = instrument;
module.exports.prometheus = prometheus;
