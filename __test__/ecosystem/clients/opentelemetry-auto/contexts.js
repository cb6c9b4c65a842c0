'use strict';

module.exports.contexts = [require('../opentelemetry-threads/carrier.js').openTelemetry];
