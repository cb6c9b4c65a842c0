'use strict';

// The `test` function of the files about WorkerPool. A pool needs the addon: if the process may not
// load any (--no-addons, on the command line or in NODE_OPTIONS), their tests are skipped, and
// worker-pool/host/no-addons.test.js tests the rest.

const { suite } = require('./suite.js');

// A test that waits for a missing callback would wait forever: an outstanding task keeps the
// process alive.
const TIMEOUT = 120_000;

/** Whether this process may load addons at all. */
function mayLoadAddons() {
  try {
    process.dlopen({ exports: {} }, __filename);
  } catch (error) {
    return error.code !== 'ERR_DLOPEN_DISABLED';
  }
  return true;
}

/**
 * The `test(title, body)` of a file about the pool. With its `__filename` the file runs a second
 * time in a process without node:test, see suite.js.
 */
function poolSuite(filename) {
  if (!mayLoadAddons()) {
    const test = require('node:test');
    return (title, body) => test(title, { skip: 'the process may not load addons' }, body);
  }
  if (filename !== undefined) return suite(filename);
  const test = require('node:test');
  return (title, body) => test(title, { timeout: TIMEOUT }, body);
}

module.exports = { poolSuite, mayLoadAddons };
