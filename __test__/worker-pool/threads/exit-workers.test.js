'use strict';

// Workers that own a pool: ended from outside, by themselves, or by an exception, they end their
// pool without a crash, a hang, or a leftover thread. In processes of their own: a crash would end
// the test runner.

const assert = require('node:assert/strict');
const { runProgram } = require('../../helpers/program.js');
const { runScript } = require('../../helpers/script.js');
const { countable } = require('../../helpers/thread-count.js');
const { test, fixture, processors } = require('../../helpers/pool-session.js');

// Starts `rounds` Workers, one after another, each with a pool in the state `state`; ends each in
// the way `ending`. Returns their exit codes and the number of remaining threads.
async function endWorkers({ processor, state, ending, rounds, owner }) {
  const { once } = require('node:events');
  const { Worker } = require('node:worker_threads');
  const { countable: can, count, countSettled } = require('./__test__/helpers/thread-count.js');
  await require('node:fs/promises').stat('.'); // starts libuv's threads, which stay
  const codes = [];
  const errors = [];
  let before;
  for (let i = 0; i < rounds; i++) {
    const worker = new Worker(owner, { workerData: { processor, state, ending } });
    worker.on('error', (error) => errors.push(error.message));
    const exited = new Promise((resolve) => worker.on('exit', (code) => resolve([code])));
    const [message] = await Promise.race([once(worker, 'message'), exited]);
    if (message !== 'ready') errors.push(`not ready: ${message}`);
    if (ending === 'terminate') worker.terminate();
    else worker.postMessage('end');
    codes.push((await exited)[0]);
    // Process-wide threads that the first pool starts are not a leak.
    if (i === 0 && can) before = count();
  }
  return { codes, errors, more: can ? (await countSettled(before)) - before : 0 };
}

const ROUNDS = 4;
const owner = fixture('exit-owner.js');

const endings = {
  'terminate': { code: 1 },
  'process.exit': { code: 6 },
  'throw': { code: 1, error: 'thrown by the owner' },
  'by itself': { code: 0 },
  'close': { code: 0 },
};

for (const [form, processor] of processors('failures')) {
  for (const state of ['idle', 'starting', 'busy', 'stuck']) {
    for (const [ending, { code, error }] of Object.entries(endings)) {
      // A stuck pool keeps its owner alive; native tasks do not get stuck.
      if (state === 'stuck' && (ending === 'by itself' || processor === undefined)) continue;
      test(`a Worker that owns a pool ends cleanly: ${state}, by ${ending}, ${form}`, async () => {
        const data = { processor, state, ending, rounds: ROUNDS, owner };
        const { codes, errors, more } = await runProgram(endWorkers, { data, timeout: 30_000 });
        assert.deepEqual(codes, Array(ROUNDS).fill(code));
        assert.deepEqual(errors, error === undefined ? [] : Array(ROUNDS).fill(error));
        if (countable) assert.ok(more <= 0, `${more} threads more`);
      });
    }
  }

  test(`process.exit() works while Workers own busy pools, ${form}`, async () => {
    const { code, signal, stderr } = await runScript(
      `
      const { Worker } = require('node:worker_threads');
      const workerData = { processor: ${JSON.stringify(processor)}, state: 'busy', ending: '' };
      let ready = 0;
      for (let i = 0; i < 2; i++) {
        new Worker(${JSON.stringify(owner)}, { workerData }).on('message', () => {
          if (++ready === 2) process.exit(5);
        });
      }
    `,
      { timeout: 20_000 },
    );
    assert.deepEqual([code, signal, stderr], [5, null, '']);
  });
}

test('pools of the main thread and of Workers do not affect one another', async () => {
  const results = await runProgram(
    async ({ processor, file }) => {
      const { once } = require('node:events');
      const { Worker } = require('node:worker_threads');
      const { WorkerPool } = require('async-hooks-rs');
      const pool = new WorkerPool(2, processor);
      const found = [];
      for (let round = 0; round < 3; round++) {
        const workerData = { processor, state: 'busy', ending: 'terminate' };
        const worker = new Worker(file, { workerData });
        const tasks = Array.from({ length: 200 }, (_, a) => pool.run({ action: 'add', a, b: 1 }));
        await once(worker, 'message');
        await worker.terminate();
        found.push(...(await Promise.all(tasks)));
      }
      await pool.close();
      return found.filter((result, i) => result !== (i % 200) + 1).length;
    },
    { data: { processor: fixture('failures-function.js'), file: owner } },
  );
  assert.equal(results, 0);
});
