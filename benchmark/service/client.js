'use strict';

// Drives a server, and looks at every response.

const autocannon = require('autocannon');
const { quantile } = require('../quotients.js');

const CONNECTIONS = 8;
const PIPELINING = 4; // otherwise the client is as busy as the quicker servers

// autocannon checks this often whether its time is over.
const STOPS_PER_TURN = 5;

const READS = 10;
const TRACKED = JSON.stringify({ own: READS });

/** Sends requests for that long; resolves to the cost of one, if all answers were correct. */
async function drive(url, milliseconds, tracked) {
  const latencies = [];
  let first;
  let last;
  let wrong; // the first body of them
  const instance = autocannon({
    url,
    connections: CONNECTIONS,
    pipelining: PIPELINING,
    duration: milliseconds / 1e3,
    sampleInt: milliseconds / STOPS_PER_TURN,
    verifyBody: (body) => !tracked || body === TRACKED,
  });
  instance.on('response', (client, status, bytes, latency) => {
    last = performance.now();
    first ??= last;
    latencies.push(latency);
  });
  instance.on('reqMismatch', (body) => {
    wrong ??= body;
  });
  const { errors, non2xx, mismatches, resets } = await instance;
  if (mismatches > 0) throw new Error(`${mismatches} reads saw a wrong store: ${wrong}`);
  if (errors + non2xx + resets > 0 || latencies.length < 2) {
    throw new Error(
      `${latencies.length} responses in ${milliseconds} ms, ` +
        `${non2xx} of them not 2xx; ${errors} errors, ${resets} resets`,
    );
  }
  return {
    requests: latencies.length,
    time: ((last - first) * 1e3) / (latencies.length - 1),
    p99: quantile(latencies, 0.99),
  };
}

module.exports = { drive };
