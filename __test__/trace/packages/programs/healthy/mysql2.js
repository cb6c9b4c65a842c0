'use strict';

// The pool with promises.
// expect: none

const { AsyncLocalStorage } = require('node:async_hooks');
const mysql = require('mysql2/promise');
const { startMysql } = require('../../doubles/mysql.js');

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));
const read = (id) => reads.push([id, storage.getStore()?.id ?? null]);

async function handle(pool, id) {
  await pool.query(`select ${id}`);
  read(id);
  const connection = await pool.getConnection();
  read(id);
  await connection.query(`select ${id}`);
  read(id);
  connection.release();
}

startMysql(async ({ port, close }) => {
  const pool = mysql.createPool({ port, host: '127.0.0.1', connectionLimit: 1 });
  await storage.run({ id: 1 }, handle, pool, 1);
  await Promise.all([2, 3, 4].map((id) => storage.run({ id }, handle, pool, id)));
  await pool.end();
  close();
});
