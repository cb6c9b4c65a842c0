'use strict';

// An application with a JSON body, a router and an error.
// expect: none

const { AsyncLocalStorage } = require('node:async_hooks');
const express = require('express');
const { post } = require('../../doubles/http.js');

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));
const read = (id) => reads.push([id, storage.getStore()?.id ?? null]);
const router = express.Router();
router.use((request, response, next) => setImmediate(next));
router.post('/:name', async (request, response, next) => {
  read(request.id);
  await null;
  read(request.id);
  if (request.body.text === undefined) next(new Error('no text'));
  else response.json({ name: request.params.name });
});

const app = express();
app.use((request, response, next) => {
  request.id = Number(request.headers['x-id']);
  storage.run({ id: request.id }, next);
});
app.use(express.json());
app.use('/names', router);
app.use((error, request, response, next) => {
  read(request.id);
  if (error.message === 'no text') response.status(400).end();
  else next(error);
});

const server = app.listen(0, '127.0.0.1', async () => {
  const body = JSON.stringify({ text: 'x'.repeat(50_000) });
  const send = (id) =>
    post(
      server,
      { 'x-id': id, 'content-type': 'application/json' },
      id % 2 ? body : '{}',
      '/names/a',
    );
  await Promise.all([1, 2, 3, 4].map(send));
  server.close();
});
