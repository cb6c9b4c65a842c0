'use strict';

// A Worker of the program's own, which answers messages in their contexts.

const { parentPort } = require('node:worker_threads');
const { endedSpans } = require('./tracing.js');
const { carry } = require('../../../../contexts.js');
const { openTelemetry } = require('./carrier.js');
const { work } = require('./work.js');

carry(parentPort, { contexts: [openTelemetry] });

parentPort.on('message', async (request) => {
  if (request === 'end') return parentPort.postMessage({ spans: endedSpans('worker') });
  const text = await work('worker', request);
  return parentPort.postMessage({ id: request.id, text });
});
