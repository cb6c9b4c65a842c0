'use strict';

// `async-hooks-rs/opentelemetry`: the context of OpenTelemetry, for what crosses to other threads
// and processes.

const api = require('@opentelemetry/api');
const { openTelemetryCarrier } = require('./dist/index')('opentelemetry/carrier');

module.exports.openTelemetry = openTelemetryCarrier(api);
