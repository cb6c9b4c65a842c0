'use strict';

// Thousands of tasks on four workers that die all the time, in every possible way: each callback is
// called once with the right outcome, and neither memory nor a thread is lost. Two environment
// variables set the number of tasks and the seed. With 100,000 tasks or more, one in two thousand
// is deadly; with fewer, one in a hundred: so every way to die occurs three times.

const assert = require('node:assert/strict');
const { runProgram } = require('../../helpers/program.js');
const { test, forms } = require('../../helpers/pool-session.js');

const TASKS = Number(process.env.ASYNC_HOOKS_RS_TEST_CHAOS ?? 100_000);
const EVERY = TASKS >= 100_000 ? 2000 : 100;

const MB = 2 ** 20;

for (const [form, processor] of forms('chaos')) {
  test(`${TASKS} tasks, one in ${EVERY} kills its worker, ${form}`, async (t) => {
    const seed = Number(process.env.ASYNC_HOOKS_RS_TEST_SEED ?? Date.now() % 2 ** 32);
    t.diagnostic(`ASYNC_HOOKS_RS_TEST_SEED=${seed}`);
    const outcome = await runProgram(
      (data) => require('./__test__/fixtures/pool/chaos-program.js')(data),
      { data: { processor, tasks: TASKS, every: EVERY, seed }, timeout: 60_000 + TASKS * 5 },
    );
    t.diagnostic(JSON.stringify(outcome));
    assert.deepEqual(outcome.wrong, []);
    assert.equal(outcome.uncalled, 0);
    assert.equal(outcome.settled, TASKS);
    assert.deepEqual(outcome.state, [4, 0, 0]);
    assert.ok(outcome.killers > TASKS / EVERY / 3);
    // A task that already replied can kill one more task, or none; nothing else does.
    assert.equal(outcome.blamedTwice, 0);
    assert.equal(outcome.blamedUnknown, 0);
    assert.ok(outcome.blamed <= outcome.late);
    assert.ok(outcome.heapGrowth < 4 * MB, `${outcome.heapGrowth} bytes more`);
    assert.ok(
      outcome.rssLate < 1.5 * outcome.rssEarly + 60 * MB,
      `${outcome.rssEarly / MB} MB, then ${outcome.rssLate / MB} MB`,
    );
    assert.ok(outcome.threads <= 0, `${outcome.threads} threads more`);
  });
}
