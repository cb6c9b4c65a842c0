'use strict';

// A processor of a WorkerPool. With each result come the spans that have ended in its thread since
// the last one.

const { takeEndedSpans } = require('./tracing.js');
const { work } = require('./work.js');

module.exports = async (request) => {
  const text = await work('pool', request);
  return { text, spans: takeEndedSpans('pool') };
};
