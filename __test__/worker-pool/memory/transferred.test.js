'use strict';

// Memory that came through a pool and was moved on with ArrayBuffer.prototype.transfer(): the last
// owner keeps it, even after the thread that it was first given to has ended.

const assert = require('node:assert/strict');
const { once } = require('node:events');
const { Worker } = require('node:worker_threads');
const { poolSuite } = require('../../helpers/pool-suite.js');
const { fixture, withPool } = require('../../helpers/with-pool.js');

const test = poolSuite();
const COUNT = 8;
const numbers = Array.from({ length: COUNT }, (_, i) => i + 1);

/** The distinct bytes of each; there must be exactly one. */
const contents = (list) => list.map((bytes) => [...new Set(bytes)]);

/** Large tasks, which reuse memory that other pools have given back. */
async function useMemory(size) {
  await withPool([1, fixture('function-echo.js')], async (pool) => {
    const results = numbers.map((i) => pool.run(new Uint8Array(size).fill(200 + i)));
    assert.deepEqual(
      contents(await Promise.all(results)),
      numbers.map((i) => [200 + i]),
    );
  });
}

for (const size of [100_000, 1 << 20]) {
  test(`${size} bytes survive the end of the worker that moved them`, async () => {
    const kept = [];
    await withPool([1, fixture('transferred-memory-docs.js')], async (pool) => {
      for (const i of numbers) kept.push(await pool.run(new Uint8Array(size).fill(i)));
    });
    assert.deepEqual(
      contents(kept),
      numbers.map((i) => [i]),
    );
    await useMemory(size);
    assert.deepEqual(
      contents(kept),
      numbers.map((i) => [i]),
    );
    assert.ok(kept.every(({ length }) => length === size));
  });

  test(`${size} bytes survive the end of the pool's owner that moved them`, async () => {
    const worker = new Worker(fixture('transferred-memory-owner.js'), {
      workerData: { count: COUNT, size },
    });
    const [[buffers], [code]] = await Promise.all([once(worker, 'message'), once(worker, 'exit')]);
    assert.equal(code, 0);
    const kept = buffers.map((buffer) => new Uint8Array(buffer));
    assert.deepEqual(
      contents(kept),
      numbers.map((i) => [i]),
    );
    await useMemory(size);
    assert.deepEqual(
      contents(kept),
      numbers.map((i) => [i]),
    );
    assert.ok(kept.every(({ length }) => length === size));
  });
}
