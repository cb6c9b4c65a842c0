'use strict';

// `async-hooks-rs/opentelemetry`: the context of OpenTelemetry, for what crosses to other threads
// and processes.

const api = require('@opentelemetry/api');
const part = require('./dist/index')[Symbol.for('async-hooks-rs.part')];

const { openTelemetryCarrier } = part('opentelemetry/carrier');

module.exports.openTelemetry = openTelemetryCarrier(api);
