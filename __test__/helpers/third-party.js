'use strict';

// Runs fixtures/third-party.js with this package and without it, and compares.

const assert = require('node:assert/strict');
const { execFile } = require('node:child_process');
const { runtime } = require('./runtimes.js');

const file = require.resolve('../fixtures/third-party.js');

/** Plays the scenarios in one process; resolves with the checks of each. */
function run(scenarios) {
  return new Promise((resolve, reject) => {
    const argument = JSON.stringify(scenarios);
    const child = execFile(
      process.execPath,
      [...process.execArgv, file, argument],
      { timeout: 60_000 },
      (error, stdout, stderr) => {
        const title = scenarios.length === 1 ? argument : 'without this package';
        try {
          assert.equal(stderr, '', title);
          assert.deepEqual([child.exitCode, child.signalCode], [0, null], title);
          resolve(JSON.parse(stdout));
        } catch (failure) {
          reject(failure);
        }
      },
    );
  });
}

// Deno creates promises of its own, a different number in each run.
function hasPromisesOfDeno(events) {
  return runtime === 'deno' && Object.keys(events).some((name) => name.startsWith('promise'));
}

const registered = [];
let control;

/**
 * Registers a scenario, see fixtures/third-party.js. Returns a function which plays it in a process
 * of its own: no storage loses a scope, and the third party gets exactly the same events with this
 * package as without. Returns the checks.
 *
 * Without this package nothing stays behind that the next scenario could see, so those are played
 * in one process, as soon as the first result is needed: all have to be registered by then.
 */
function undisturbed(options) {
  const index = registered.push({ ...options, ours: false }) - 1;
  return async () => {
    control ??= run(registered);
    const [[checks], without] = await Promise.all([run([{ ...options, ours: true }]), control]);
    assert.equal(checks.length, options.steps.filter((step) => step === 'check').length);
    checks.forEach(({ lost, events }, i) => {
      const title = `check ${i} of ${JSON.stringify(options)}`;
      for (const name of Object.keys(lost)) assert.deepEqual(lost[name], [], `${title}: ${name}`);
      if (!hasPromisesOfDeno(events)) {
        assert.deepEqual(events, without[index][i].events, title);
      }
    });
    return checks;
  };
}

module.exports = { undisturbed };
