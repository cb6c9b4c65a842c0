'use strict';

const { trace } = require('@opentelemetry/api');

const tracer = trace.getTracer('ecosystem');

/** Calls `fn` in a new span with the id of the request, which ends with its promise. */
function inSpan(name, id, fn = () => {}) {
  return tracer.startActiveSpan(name, { attributes: { 'request.id': id } }, async (span) => {
    try {
      return await fn();
    } finally {
      span.end();
    }
  });
}

module.exports = { inSpan };
