'use strict';

// A closed pool leaves nothing behind in the memory of the whole process: its queue and its
// histograms are not on the heap.

const assert = require('node:assert/strict');
const { poolSuite } = require('../../helpers/pool-suite.js');
const { runProgram } = require('../../helpers/program.js');

const test = poolSuite();
const POOLS = 100; // per round
const ROUNDS = 3; // per measurement
const MEASUREMENTS = 4; // at most: one without a leak is enough
const TOLERANCE = 30_000; // bytes, each

async function openAndClose({ pools, rounds, measurements, enough, used }) {
  const { WorkerPool } = require('async-hooks-rs');
  const { gc } = require('./__test__/helpers/gc.js');
  const round = async () => {
    for (let i = 0; i < pools; i++) {
      const pool = new WorkerPool(1);
      if (used) await pool.run({ a: i, b: 1 });
      await pool.close();
    }
    // Finalizers run in turns of their own.
    for (let i = 0; i < 4; i++) {
      gc();
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  // The pools of a round are freed after it: the process keeps the memory for the next round.
  for (let i = 0; i < 2; i++) await round();
  const growth = [];
  for (let i = 0; i < measurements && !growth.some((bytes) => bytes < enough); i++) {
    const before = process.memoryUsage.rss();
    for (let j = 0; j < rounds; j++) await round();
    growth.push(process.memoryUsage.rss() - before);
  }
  return growth;
}

// A leaked pool keeps 70 KB or more, and shows in each measurement. V8's heap grows by megabytes in
// some of them, until it is large enough.
for (const [title, used] of [
  ['used and closed', true],
  ['closed before the first task', false],
]) {
  const count = ROUNDS * POOLS;
  test(`pools that were ${title} leave nothing, ${count} of them`, async () => {
    const enough = count * TOLERANCE;
    const data = { pools: POOLS, rounds: ROUNDS, measurements: MEASUREMENTS, enough, used };
    const growth = await runProgram(openAndClose, { data });
    const each = Math.round(Math.min(...growth) / count);
    assert.ok(each < TOLERANCE, `${each} bytes each; the measurements: ${growth.join(', ')}`);
  });
}
