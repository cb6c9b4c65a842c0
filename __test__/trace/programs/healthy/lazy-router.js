'use strict';

// An application that the first request sets up: the handlers are made in it, and all use them.
// expect: none

const { AsyncLocalStorage } = require('node:async_hooks');

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));
const read = (id) => reads.push([id, storage.getStore()?.id ?? null]);

let routes;

function setUp() {
  const table = new Map();
  const route = (name, ...handlers) => table.set(name, handlers);
  route(
    'show',
    async (request, next) => {
      read(request.id);
      await next();
      read(request.id);
    },
    (request) => read(request.id),
  );
  return table;
}

function dispatch(request) {
  routes ??= setUp();
  const handlers = routes.get(request.route);
  const next = (i) => handlers[i]?.(request, () => next(i + 1));
  return next(0);
}

async function main() {
  for (const id of [1, 2, 3, 4]) await storage.run({ id }, dispatch, { id, route: 'show' });
}
main();
