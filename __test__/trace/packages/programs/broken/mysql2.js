'use strict';

// The callback of a query runs where the pool's connection hears the answer.
// expect: foreign certain birth
// mend: proven
// package made: mysql2/lib/base/pool.js:256
// package ran: mysql2/lib/commands/query.js:101 mysql2/lib/base/pool.js:258

const { AsyncLocalStorage } = require('node:async_hooks');
const mysql = require('mysql2');
const { startMysql } = require('../../doubles/mysql.js');

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));
function handle(pool, id) {
  return new Promise((resolve, reject) => {
    // finding: made
    pool.query(`select ${id}`, (error, rows) => {
      reads.push([id, storage.getStore()?.id ?? null]); // finding: read
      if (error) reject(error);
      else resolve(rows);
    });
  });
}

startMysql(async ({ port, close }) => {
  const pool = mysql.createPool({ port, host: '127.0.0.1', connectionLimit: 1 });
  await storage.run({ id: 1 }, handle, pool, 1);
  await Promise.all([2, 3, 4].map((id) => storage.run({ id }, handle, pool, id)));
  pool.end(close);
});
