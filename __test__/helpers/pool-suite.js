'use strict';

// The `test` function of the files about WorkerPool. A pool needs the addon: where the process may
// not load any (--no-addons, in the command line or in NODE_OPTIONS), their tests are skipped, and
// worker-pool/host/no-addons.test.js tests what is left.

const { suite } = require('./suite.js');

// A test that waits for a callback which never comes would wait for ever: a task that is
// outstanding keeps the process alive.
const TIMEOUT = 60_000;

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
 * The `test(title, body)` of a file about the pool. One that passes its `__filename` is run a
 * second time in a process without node:test, see suite.js.
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
