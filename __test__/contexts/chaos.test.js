'use strict';

// Thousands of tasks of a hundred requests on four workers that die in between: each reads its own
// request as it was at its submission, and each is settled once, in its own scope.

const assert = require('node:assert/strict');
const { runProgram } = require('../helpers/program.js');
const { poolSuite } = require('../helpers/pool-suite.js');

const test = poolSuite();

const TASKS = 5_000;
const EVERY = 250;

for (const form of ['function', 'docs']) {
  test(`${form}: every read is that of the own request`, async () => {
    const outcome = await runProgram(
      (data) => require('./__test__/fixtures/contexts/chaos-program.js')(data),
      { data: { form, tasks: TASKS, requests: 100, every: EVERY }, timeout: 50_000 },
    );
    assert.deepEqual(outcome.wrong, []);
    assert.equal(outcome.settled, TASKS);
    assert.equal(outcome.died, TASKS / EVERY);
  });
}
