'use strict';

// Chains of middlewares that are composed once and run for each request, as Koa has them.
// expect: none

const { AsyncLocalStorage } = require('node:async_hooks');
const { setTimeout: sleep } = require('node:timers/promises');

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));
const read = (id) => reads.push([id, storage.getStore()?.id ?? null]);

function compose(middlewares) {
  return (context) => {
    const dispatch = async (i) => {
      const middleware = middlewares[i];
      if (middleware !== undefined) await middleware(context, () => dispatch(i + 1));
    };
    return dispatch(0);
  };
}

let composed;
const app = (context) => {
  composed ??= compose([
    async (request, next) => {
      read(request.id);
      await next();
      read(request.id);
    },
    ({ id }, next) => storage.run({ id: id + 0.5 }, next),
    async ({ id }, next) => {
      read(id + 0.5);
      await sleep(1);
      await next();
    },
    async ({ id }) => read(id + 0.5),
  ]);
  return composed(context);
};

for (const id of [1, 2, 3, 4]) storage.run({ id }, app, { id });
