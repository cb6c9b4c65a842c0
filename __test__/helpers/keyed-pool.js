'use strict';

const { WorkerPool, fixture, until } = require('./with-pool.js');

/**
 * Calls `body` with a pool of fixtures/pool/keyed.js, and with what tells how far its tasks are and
 * lets those go on that it holds.
 */
async function withKeys(threads, body, options) {
  const cells = new Int32Array(new SharedArrayBuffer(8));
  const pool = new WorkerPool(threads, fixture('keyed.js'), { workerData: { cells }, ...options });
  try {
    await body(pool, {
      started: (count) => until(() => Atomics.load(cells, 0) >= count),
      release: () => {
        Atomics.store(cells, 1, 1);
        Atomics.notify(cells, 1);
      },
    });
  } finally {
    await pool.close();
  }
}

module.exports = { withKeys };
