'use strict';

// The callback of a query runs where the connection hears the answer: in the request that opened it.
// expect: foreign certain birth
// mend: proven
// package made: pg-pool/index.js:467
// package ran: pg/lib/query.js:142 pg-pool/index.js:478

const { AsyncLocalStorage } = require('node:async_hooks');
const { Pool } = require('pg');
const { startPostgresql } = require('../../doubles/postgresql.js');

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));
function handle(pool, id) {
  return new Promise((resolve, reject) => {
    // finding: made
    pool.query(`select ${id}`, (error, result) => {
      reads.push([id, storage.getStore()?.id ?? null]); // finding: read
      if (error) reject(error);
      else resolve(result);
    });
  });
}

startPostgresql(async ({ port, close }) => {
  const pool = new Pool({ port, host: '127.0.0.1', user: 'user', database: 'test', max: 1 });
  await storage.run({ id: 1 }, handle, pool, 1);
  await Promise.all([2, 3, 4].map((id) => storage.run({ id }, handle, pool, id)));
  await pool.end();
  close();
});
