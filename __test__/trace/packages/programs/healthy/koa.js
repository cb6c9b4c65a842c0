'use strict';

// An application whose middlewares await each other.
// expect: none

const { AsyncLocalStorage } = require('node:async_hooks');
const { setTimeout: sleep } = require('node:timers/promises');
const Koa = require('koa');
const { post } = require('../../doubles/http.js');

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));
const read = (id) => reads.push([id, storage.getStore()?.id ?? null]);
const app = new Koa();
app.use(async (context, next) => {
  context.state.id = Number(context.get('x-id'));
  await storage.run({ id: context.state.id }, next);
});
app.use(async (context, next) => {
  read(context.state.id);
  await next();
  read(context.state.id);
});
app.use(async (context) => {
  await sleep(1);
  read(context.state.id);
  context.body = 'ok';
});

const server = app.listen(0, '127.0.0.1', async () => {
  await Promise.all([1, 2, 3].map((id) => post(server, { 'x-id': id }, '')));
  server.close();
});
