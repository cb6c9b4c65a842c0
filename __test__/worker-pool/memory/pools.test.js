'use strict';

// A closed pool leaves nothing behind in the memory of the whole process: its queue and its
// histograms are not on the heap.

const assert = require('node:assert/strict');
const { poolSuite } = require('../../helpers/pool-suite.js');
const { runProgram } = require('../../helpers/program.js');

const test = poolSuite();
const POOLS = 100; // per round
const ROUNDS = 9;

async function openAndClose({ pools, rounds, used }) {
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
  for (let i = 0; i < rounds; i++) {
    const before = process.memoryUsage.rss();
    await round();
    growth.push(process.memoryUsage.rss() - before);
  }
  return growth;
}

// A leaked pool keeps 70 KB or more, so every round would grow, and all of them together. V8's heap
// grows by megabytes in some rounds, which the median may show, and shrinks in others, which the
// mean shows.
for (const [title, used] of [
  ['used and closed', true],
  ['closed before the first task', false],
]) {
  test(`pools that were ${title} leave nothing, ${ROUNDS} times ${POOLS}`, async () => {
    const growth = await runProgram(openAndClose, { data: { pools: POOLS, rounds: ROUNDS, used } });
    const median = growth.toSorted((a, b) => a - b)[(ROUNDS - 1) / 2];
    const mean = growth.reduce((sum, bytes) => sum + bytes) / ROUNDS;
    const each = Math.round(Math.min(median, mean) / POOLS);
    assert.ok(each < 30_000, `${each} bytes each; the rounds: ${growth.join(', ')}`);
  });
}
