'use strict';

// Runs fixtures/third-party.js with this package and without it, and compares.

const assert = require('node:assert/strict');
const { execFile } = require('node:child_process');
const { runtime } = require('./runtimes.js');

const file = require.resolve('../fixtures/third-party.js');

function run(options) {
  return new Promise((resolve, reject) => {
    const child = execFile(process.execPath, [...process.execArgv, file, JSON.stringify(options)], {
      timeout: 60_000,
    }, (error, stdout, stderr) => {
      const title = JSON.stringify(options);
      try {
        assert.equal(stderr, '', title);
        assert.deepEqual([child.exitCode, child.signalCode], [0, null], title);
        resolve(JSON.parse(stdout));
      } catch (failure) {
        reject(failure);
      }
    });
  });
}

// Deno creates promises of its own, a different number in each run.
function hasPromisesOfDeno(events) {
  return runtime === 'deno' && Object.keys(events).some((name) => name.startsWith('promise'));
}

/**
 * No storage loses a scope, and the third party gets exactly the same events with this package as
 * without.
 */
async function assertUndisturbed(options) {
  const [checks, without] = await Promise.all([
    run({ ...options, ours: true }), run({ ...options, ours: false }),
  ]);
  assert.equal(checks.length, options.steps.filter((step) => step === 'check').length);
  checks.forEach(({ lost, events }, i) => {
    const title = `check ${i} of ${JSON.stringify(options)}`;
    for (const name of Object.keys(lost)) assert.deepEqual(lost[name], [], `${title}: ${name}`);
    if (!hasPromisesOfDeno(events)) assert.deepEqual(events, without[i].events, title);
  });
  return checks;
}

module.exports = { assertUndisturbed };
