'use strict';

// The work of a request, in either framework: 20 awaits, and 10 reads of the five storages.

const { setImmediate } = require('node:timers/promises');
const { framework, logger, tracer, tenant, transaction } = require('./libraries.js');

const connection = Promise.resolve({ open: true });
const template = Promise.resolve('order');

function read(library, visit) {
  if (library.isIn(visit.request)) visit.own++;
}

async function session(visit) {
  await connection;
  read(logger, visit);
  await setImmediate();
  read(tracer, visit);
}

async function authenticate(visit) {
  await session(visit);
  read(tenant, visit);
}

async function query(library, visit) {
  await connection;
  read(library, visit);
  await null;
}

async function commit(visit) {
  await setImmediate();
  read(transaction, visit);
  await connection;
}

async function update(visit) {
  await query(transaction, visit);
  await query(tracer, visit);
  await query(tenant, visit);
  await commit(visit);
}

async function render(visit) {
  read(logger, visit);
  await template;
  await null;
  read(framework, visit);
}

/**
 * Handles a request; resolves to the answer, which has the number of reads that saw their own
 * store.
 */
async function handle(request) {
  const visit = { request, own: 0 };
  read(framework, visit);
  await authenticate(visit);
  await transaction.enter(request, () => update(visit));
  await render(visit);
  return { own: visit.own };
}

module.exports = { handle };
