'use strict';

// pg: more requests than connections. What is awaited is in the scope of the request; callbacks and
// events come in the scope of the request that opened the connection.

const { AsyncResource } = require('node:async_hooks');
const { once } = require('node:events');
const { Client, Pool, Query } = require('pg');
const { barrier, inRequest, print, see, wave, waves } = require('../helpers/requests.js');

const CONNECTIONS = 4;
const control = new Pool({ max: CONNECTIONS });
const all = barrier();

// Reports that it has begun: a query that has not begun cannot be cancelled.
const SLEEP = "DO $$ BEGIN RAISE NOTICE 'begun'; PERFORM pg_sleep(60); END $$";

// A failed pool.query() closes its connection, so only a new pool tells which request opened which.
async function withPool(use) {
  const pool = new Pool({ max: CONNECTIONS });
  await use(pool);
  await pool.end();
}

async function queries(pool) {
  await waves('query', async (id) => {
    await all();
    const {
      rows: [row],
    } = await pool.query('SELECT $1::text AS id, pg_sleep(0.001)', [id]);
    see('await pool.query()', row.id);
    await pool.query({ name: 'prepared', text: 'SELECT $1::text', values: [id] });
    see('await of a prepared statement', id);
    await pool.query('SELECT nothing').catch(() => see('catch() of pool.query()', id));
    await pool
      .query('SELECT $1::integer', ['word'])
      .catch(() => see('catch() of a query with a wrong parameter', id));
  });
}

async function callbacks(pool) {
  await waves('callback', async (id) => {
    await all();
    await new Promise((resolve) => {
      pool.query('SELECT $1::text AS id', [id], (error, { rows: [row] }) => {
        see('callback of pool.query()', row.id);
        resolve();
      });
    });
    see('await of a promise resolved in a callback', id);
  });
  await waves('bound', async (id) => {
    await all();
    await new Promise((resolve) => {
      pool.query(
        'SELECT nothing',
        AsyncResource.bind((error) => {
          see('callback of pool.query() that fails, bound', error && id);
          resolve();
        }),
      );
    });
  });
}

async function transactions(pool) {
  await control.query('CREATE TABLE entries (id text PRIMARY KEY)');
  await waves('transaction', async (id) => {
    await all();
    const client = await pool.connect();
    see('await pool.connect()', id);
    await client.query('BEGIN');
    await client.query('INSERT INTO entries VALUES ($1)', [id]);
    see('in a transaction', id);
    await client.query('SAVEPOINT before');
    await client
      .query('INSERT INTO entries VALUES ($1)', [id])
      .catch(({ detail }) => see('catch() in a transaction', /\((trans\S+)\)/.exec(detail)[1]));
    await client.query('ROLLBACK TO before');
    await client.query('COMMIT');
    see('after COMMIT', id);
    client.release();
  });
}

async function checkouts(pool) {
  await waves('connect', async (id) => {
    await all();
    await new Promise((resolve) => {
      pool.connect((error, client, release) => {
        see('callback of pool.connect()', id);
        client.query('SELECT 1', () => {
          see('callback of client.query()', id);
          release();
          resolve();
        });
      });
    });
  });
}

// A cursor of SQL, and the events of a query that is given row by row.
async function rows(pool) {
  await wave('cursor', async (id) => {
    const client = await pool.connect();
    await client.query('BEGIN');
    await client.query('DECLARE numbers CURSOR FOR SELECT generate_series(1, 5)');
    for (let fetched = 1; fetched > 0; ) {
      fetched = (await client.query('FETCH 2 FROM numbers')).rowCount;
      see('await FETCH', id);
    }
    await client.query('ROLLBACK');
    client.release();
  });
  await wave('events', async (id) => {
    const client = await pool.connect();
    const query = new Query('SELECT $1::text AS id FROM generate_series(1, 3)', [id]);
    query.on('row', (row) => see("'row' of a query", row.id));
    query.on(
      'row',
      AsyncResource.bind((row) => see("'row' of a query, bound", row.id)),
    );
    query.on('end', () => see("'end' of a query", id));
    await once(client.query(query), 'end');
    see("await of 'end' of a query", id);
    client.release();
  });
}

async function cancelled(pool) {
  await wave('cancel', async (id) => {
    await all();
    const client = await pool.connect();
    const begun = once(client, 'notice');
    const asleep = client.query(SLEEP).catch(({ code }) => {
      see('catch() of a cancelled query', code === '57014' ? id : 'another error');
    });
    await begun;
    await control.query('SELECT pg_cancel_backend($1)', [client.processID]);
    see('after cancelling', id);
    await asleep;
    await client.query('SELECT 1');
    see('after a cancelled query', id);
    client.release();
  });
  await wave('timeout', async (id) => {
    const client = await pool.connect();
    await client.query('BEGIN; SET LOCAL statement_timeout = 5');
    await client
      .query('SELECT pg_sleep(60)')
      .catch(({ code }) => see('catch() after statement_timeout', code === '57014' && id));
    await client.query('ROLLBACK'); // its own time is not limited: the transaction has failed
    client.release();
  });
}

async function busy() {
  const impatient = new Pool({ max: 1 });
  const holder = await impatient.connect();
  impatient.options.connectionTimeoutMillis = 20; // From here on: opening one may take longer.
  await wave('checkout', (id) =>
    impatient.connect().catch(() => see('catch() after connectionTimeoutMillis', id)),
  );
  holder.release();
  await impatient.end();
}

async function notifications(pool) {
  const listener = new Client();
  listener.setMaxListeners(Infinity);
  await inRequest('listener', () => listener.connect());
  await listener.query('LISTEN jobs');
  await waves('notify', async (id) => {
    let heard;
    const received = new Promise((resolve) => {
      heard = resolve;
    });
    const listen =
      (bound) =>
      ({ payload }) => {
        if (payload !== id) return;
        see(`'notification', ${bound}`, payload);
        heard();
      };
    listener.on('notification', listen('added by a request'));
    listener.on('notification', AsyncResource.bind(listen('bound')));
    await pool.query(`SELECT pg_notify('jobs', $1)`, [id]);
    await received;
    see("await of a 'notification'", id);
  });
  await listener.end();
}

async function notices(pool) {
  await waves('notice', async (id) => {
    const client = await pool.connect();
    client.once('notice', ({ message }) => see("'notice' of a client", message));
    await client.query(`DO $$ BEGIN RAISE NOTICE '${id}'; END $$`);
    client.release();
  });
}

// Pools with one connection: the listener knows which request asked for it.
async function poolEvents() {
  await waves('pool', async (id) => {
    const own = new Pool({ max: 1 });
    for (const event of ['connect', 'acquire', 'release', 'remove']) {
      own.on(event, () => see(`'${event}' of a pool`, id));
    }
    own.on('error', () => see("'error' of a pool", id));
    const {
      rows: [{ pid }],
    } = await own.query('SELECT pg_backend_pid() AS pid');
    const failed = Promise.all(
      ['error', 'remove'].map((event) => new Promise((resolve) => own.on(event, resolve))),
    );
    await control.query('SELECT pg_terminate_backend($1)', [pid]);
    await failed;
    await own.end();
    see('await pool.end()', id);
  });
}

async function main() {
  const parts = [
    queries,
    callbacks,
    transactions,
    checkouts,
    rows,
    cancelled,
    notifications,
    notices,
  ];
  for (const part of parts) await withPool(part);
  await busy();
  await poolEvents();
  await control.end();
  print();
}

main();
