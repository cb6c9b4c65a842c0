'use strict';

// knex: more requests than connections, transactions, hooks and events of queries.

const { AsyncResource } = require('node:async_hooks');
const createKnex = require('knex');
const { barrier, print, see, wave, waves } = require('../helpers/requests.js');

const CONNECTIONS = 4;
const all = barrier();

const knex = createKnex({
  client: 'pg',
  connection: {},
  pool: { min: 0, max: CONNECTIONS },
  postProcessResponse: (result, context) => {
    if (context !== undefined) see('postProcessResponse()', context.id);
    return result;
  },
  wrapIdentifier: (value, quote, context) => {
    if (context !== undefined) see('wrapIdentifier()', context.id);
    return quote(value);
  },
});

async function queries() {
  await knex.schema.createTable('entries', (table) => table.text('id').primary());
  await waves('query', async (id) => {
    await all();
    await knex('entries').insert({ id }).queryContext({ id });
    see('await insert()', id);
    const [row] = await knex('entries').where({ id }).queryContext({ id });
    see('await of a query', row.id);
    await knex.raw('SELECT ?, pg_sleep(0.001)', [id]);
    see('await raw()', id);
    await knex('entries')
      .insert({ id })
      .catch(({ detail }) => see('catch() of insert()', /\((query\S+)\)/.exec(detail)[1]));
    await knex('entries')
      .where({ id })
      .then(([{ id: found }]) => see('then() of a query', found));
    await new Promise((resolve) => {
      knex('entries')
        .where({ id })
        .asCallback((error, [{ id: found }]) => {
          see('asCallback()', found);
          resolve();
        });
    });
    await knex('nothing')
      .first()
      .timeout(1000)
      .catch(() => see('catch() with a timeout', id));
  });
}

async function transactions() {
  await waves('transaction', async (id) => {
    await all();
    await knex.transaction(async (trx) => {
      see('transaction(), start', id);
      await trx('entries').insert({ id });
      see('transaction(), after await', id);
      await trx
        .transaction(async (savepoint) => {
          see('nested transaction(), start', id);
          await savepoint('entries').insert({ id });
        })
        .catch(() => see('catch() of a nested transaction()', id));
    });
    see('await transaction()', id);
    await knex
      .transaction(() => Promise.reject(new Error(id)))
      .catch(({ message }) => see('catch() of transaction()', message));
    const trx = await knex.transaction();
    trx.executionPromise.then(() => see('then() of executionPromise', id));
    await trx.raw('SELECT 1');
    see('await of a transaction without a handler', id);
    await trx.commit();
  });
}

// The events of one query, and those of all.
async function events() {
  // BEGIN and COMMIT have no bindings, and do not say whose they are.
  const seeQuery = (point, { bindings }) => {
    if (bindings !== undefined) see(point, bindings[0]);
  };
  knex.on('query', (query) => seeQuery("'query' of all", query));
  knex.on('query-response', (response, query) => seeQuery("'query-response' of all", query));
  knex.on('query-error', (error, query) => seeQuery("'query-error' of all", query));
  await waves('events', async (id) => {
    await all();
    const query = knex.raw('SELECT ?', [id]);
    query.on('query', () => see("'query' of one query", id));
    query.on('query-response', () => see("'query-response' of one query", id));
    query.on(
      'query-response',
      AsyncResource.bind(() => see("'query-response', bound", id)),
    );
    await query;
    await knex.raw('SELECT ? FROM nothing', [id]).catch(() => {});
    await knex.transaction((trx) =>
      trx
        .raw('SELECT ?', [id])
        .on('query-response', () => see("'query-response' in a transaction", id)),
    );
  });
  for (const event of ['query', 'query-response', 'query-error']) knex.removeAllListeners(event);
}

async function connections() {
  await waves('acquire', async (id) => {
    await all();
    const connection = await knex.client.acquireConnection();
    see('await acquireConnection()', id);
    await knex.raw('SELECT ?', [id]).connection(connection);
    see('await of a query on an acquired connection', id);
    await knex.client.releaseConnection(connection);
  });
  const impatient = createKnex({
    client: 'pg',
    connection: {},
    pool: { min: 0, max: 1 },
    log: { warn: () => {} }, // Each timeout is logged, too.
  });
  const holder = await impatient.client.acquireConnection();
  impatient.client.pool.acquireTimeoutMillis = 20; // From here on: opening one may take longer.
  await wave('timeout', (id) =>
    impatient.raw('SELECT 1').catch(() => see('catch() after the timeout of the pool', id)),
  );
  await impatient.client.releaseConnection(holder);
  await impatient.destroy();
}

async function main() {
  await queries();
  await transactions();
  await events();
  await connections();
  await knex.destroy();
  print();
}

main();
