'use strict';

// Tasks on four workers that die, while their threads are replaced in both ways: each callback is
// called once with the right outcome. Functions also stream, to consumers that leave half-way, and
// have a grace when they are aborted. ASYNC_HOOKS_RS_TEST_CHAOS is the number of tasks (100000 takes
// some minutes), ASYNC_HOOKS_RS_TEST_SEED the seed.

const assert = require('node:assert/strict');
const { runProgram } = require('../../helpers/program.js');
const { test, forms } = require('../../helpers/pool-session.js');

const TASKS = Number(process.env.ASYNC_HOOKS_RS_TEST_CHAOS ?? 10_000);

for (const [form, processor] of forms('chaos')) {
  test(`${TASKS} tasks on threads that are replaced and die, ${form}`, async (t) => {
    const seed = Number(process.env.ASYNC_HOOKS_RS_TEST_SEED ?? Date.now() % 2 ** 32);
    t.diagnostic(`ASYNC_HOOKS_RS_TEST_SEED=${seed}`);
    const functions = form === 'a function';
    const data = {
      processor,
      tasks: TASKS,
      every: 400,
      seed,
      options: { maxTasksPerWorker: 300, abortGrace: functions ? 20 : 0 },
      recycleEvery: 1500,
      functions,
    };
    const outcome = await runProgram(
      (given) => require('./__test__/fixtures/pool/chaos-program.js')(given),
      { data, timeout: 60_000 + TASKS * 10 },
    );
    t.diagnostic(JSON.stringify(outcome));
    assert.deepEqual(outcome.wrong, []);
    assert.equal(outcome.uncalled, 0);
    assert.equal(outcome.settled, TASKS);
    assert.deepEqual(outcome.state, [4, 0, 0]);
    assert.ok(outcome.killers > 0 && outcome.recycles > TASKS / 2000);
    assert.equal(outcome.left > 0 && outcome.streams > outcome.left, functions);
    assert.equal(outcome.blamedTwice, 0);
    assert.equal(outcome.blamedUnknown, 0);
    assert.ok(outcome.threads <= 0, `${outcome.threads} threads more`);
  });
}
