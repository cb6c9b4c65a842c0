'use strict';

// What a pool has set up for a peak of tasks is given back when all of them have ended. Rust's half
// is in src/pool/scheduler/tests/trim.rs.

const assert = require('node:assert/strict');
const { runProgram } = require('../../helpers/program.js');
const { test } = require('../../helpers/pool-session.js');

const PEAK = 300_000;
const POINTER = 8; // a table of a pool has at least one for each task

// The bytes that are left after a peak, and the sum of all results. The least of three: what a pool
// keeps shows in each.
async function measure({ peak }) {
  const { WorkerPool } = require('async-hooks-rs');
  const { heapUsed } = require('./__test__/helpers/heap.js');
  let bytes = Infinity;
  let sum = 0;
  for (let i = 0; i < 3; i++) {
    const pool = new WorkerPool(1);
    const submit = async (count) => {
      let left = count;
      await new Promise((resolve, reject) => {
        const ended = (result) => {
          sum += result;
          if (--left === 0) resolve();
        };
        for (let j = 0; j < count; j++) pool.run({ a: 1, b: 0 }).then(ended, reject);
      });
    };
    await submit(1000);
    const before = await heapUsed();
    await submit(peak);
    bytes = Math.min(bytes, (await heapUsed()) - before);
    await submit(1000); // with new ids
    await pool.close();
  }
  return { bytes, sum };
}

test('the tables of a peak are given back', async () => {
  const { bytes, sum } = await runProgram(measure, { data: { peak: PEAK }, timeout: 120_000 });
  assert.ok(bytes < (PEAK * POINTER) / 2, `${bytes} bytes are left of ${PEAK} tasks`);
  assert.equal(sum, 3 * (PEAK + 2000));
});
