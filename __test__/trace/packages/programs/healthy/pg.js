'use strict';

// The pool with promises, and a callback that is bound.
// expect: none

const { AsyncLocalStorage, AsyncResource } = require('node:async_hooks');
const { Pool } = require('pg');
const { startPostgresql } = require('../../doubles/postgresql.js');

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));
const read = (id) => reads.push([id, storage.getStore()?.id ?? null]);

async function handle(pool, id) {
  await pool.query(`select ${id}`);
  read(id);
  await new Promise((resolve) => {
    const done = () => {
      read(id);
      resolve();
    };
    pool.query(`select ${id}`, AsyncResource.bind(done));
  });
  const client = await pool.connect();
  read(id);
  client.release();
}

startPostgresql(async ({ port, close }) => {
  const pool = new Pool({ port, host: '127.0.0.1', user: 'user', database: 'test', max: 1 });
  await storage.run({ id: 1 }, handle, pool, 1);
  await Promise.all([2, 3, 4].map((id) => storage.run({ id }, handle, pool, id)));
  await pool.end();
  close();
});
