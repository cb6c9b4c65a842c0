'use strict';

// Tasks on four workers that die, while their threads are replaced in both ways: each callback is
// called once with the right outcome. Functions also stream, to consumers that leave half-way, and
// have a grace when they are aborted. Several at once, some of them have keys, and their order is that
// of ranks; each death takes those beside it with it. ASYNC_HOOKS_RS_TEST_CHAOS is the number of tasks
// (100000 takes some minutes), ASYNC_HOOKS_RS_TEST_SEED the seed.

const assert = require('node:assert/strict');
const { runProgram } = require('../../helpers/program.js');
const { test, forms } = require('../../helpers/pool-session.js');

const TASKS = Number(process.env.ASYNC_HOOKS_RS_TEST_CHAOS ?? 7_000);

const [aFunction, inTheDocs] = forms('chaos');
const ways = [
  [...aFunction, 1],
  ['functions, four at once', aFunction[1], 4],
  [...inTheDocs, 1],
];

for (const [form, processor, tasksPerWorker] of ways) {
  test(`${TASKS} tasks on threads that are replaced and die, ${form}`, async (t) => {
    const seed = Number(process.env.ASYNC_HOOKS_RS_TEST_SEED ?? Date.now() % 2 ** 32);
    t.diagnostic(`ASYNC_HOOKS_RS_TEST_SEED=${seed}`);
    const functions = processor === aFunction[1];
    const several = tasksPerWorker > 1;
    const data = {
      processor,
      tasks: TASKS,
      every: 400,
      seed,
      options: {
        maxTasksPerWorker: 300,
        abortGrace: functions ? 20 : 0,
        queueOrder: functions ? 'lifo' : 'fifo',
        tasksPerWorker,
      },
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
    assert.equal(outcome.inTurn > TASKS / 10, several);
    // Those that it ran beside, and itself.
    assert.ok(outcome.lost <= (several ? tasksPerWorker * outcome.killers : 0), `${outcome.lost}`);
    assert.equal(outcome.blamedTwice, 0);
    assert.equal(outcome.blamedUnknown, 0);
    assert.ok(outcome.threads <= 0, `${outcome.threads} threads more`);
  });
}
