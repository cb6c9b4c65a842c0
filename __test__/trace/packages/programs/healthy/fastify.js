'use strict';

// An application with hooks; handlers after a body are entered by a hook of their own.
// expect: none

const { AsyncLocalStorage } = require('node:async_hooks');
const fastify = require('fastify');
const { post } = require('../../doubles/http.js');

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));
const read = (id) => reads.push([id, storage.getStore()?.id ?? null]);
const app = fastify();
app.addHook('preHandler', (request, reply, done) => {
  storage.run({ id: Number(request.headers['x-id']) }, done);
});
app.addHook('preHandler', async (request) => {
  await null;
  read(Number(request.headers['x-id']));
});
app.post('/', async (request) => {
  read(Number(request.headers['x-id']));
  await null;
  read(Number(request.headers['x-id']));
  return { ok: true };
});

app.listen({ port: 0, host: '127.0.0.1' }).then(async () => {
  const headers = (id) => ({ 'x-id': id, 'content-type': 'application/json' });
  await Promise.all([1, 2, 3].map((id) => post(app.server, headers(id), '{}')));
  await app.close();
});
