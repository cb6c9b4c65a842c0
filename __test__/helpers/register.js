'use strict';

// Runs programs with `register` preloaded, the way a user does.

const assert = require('node:assert/strict');
const { runScript } = require('./script.js');
const { name } = require('./engine.js');

/**
 * Whether `register` replaces the classes: it leaves the host's own class where ours would be
 * slower.
 */
const replaces = name !== 'builtin';

/** The two ways to preload it. */
const FLAGS = ['--require', '--import'];

// Distinguishes our class from Node's without loading the package: by a promise of the
// documentation that no Node keeps.
const PRELUDE = `
  const assert = require('node:assert/strict');
  const fs = require('node:fs');
  const asyncHooks = require('node:async_hooks');
  const isOurs = (AsyncLocalStorage) => {
    const storage = new AsyncLocalStorage();
    return storage.run(1, () => {
      storage.run(1, () => storage.enterWith(2));
      return storage.getStore() === 1;
    });
  };
  const print = (value) => fs.writeSync(1, JSON.stringify(value) + '\\n');
`;

/**
 * Runs `source` with `async-hooks-rs/register` preloaded; resolves to the values it passes to
 * `print()`, and to what it writes to stderr. Fails unless it ends by itself with code 0.
 *
 * @param {string} source  sees `asyncHooks`, `isOurs(class)` and `print(value)`
 */
async function runRegistered(source, { flag = '--require', args = [], env = {} } = {}) {
  const preload = [flag, 'async-hooks-rs/register'];
  const { code, signal, stdout, stderr } = await runScript(PRELUDE + source, {
    args: [...preload, ...args],
    env,
  });
  assert.deepEqual([code, signal], [0, null], stderr);
  return {
    printed: stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line)),
    stderr,
  };
}

module.exports = { FLAGS, PRELUDE, replaces, runRegistered };
