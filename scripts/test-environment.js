'use strict';

// The environment of the processes that run tests.

/**
 * A copy of `process.env` without NODE_EXTRA_CA_CERTS, plus `changes`. Node 20 reads that file at
 * every start, and the tests start more than a thousand processes: with the certificates of a whole
 * system it takes three times as long as the rest of the start. No test speaks to a server outside.
 */
function testEnvironment(changes = {}) {
  const env = { ...process.env, ...changes };
  delete env.NODE_EXTRA_CA_CERTS;
  return env;
}

module.exports = { testEnvironment };
