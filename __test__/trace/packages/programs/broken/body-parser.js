'use strict';

// What follows the parser runs at the end of the body, in no context.
// expect: lost certain birth|emitter
// mend: proven
// package made: raw-body/index.js:193 raw-body/index.js:258

const { AsyncLocalStorage } = require('node:async_hooks');
const http = require('node:http');
const bodyParser = require('body-parser');
const { post } = require('../../doubles/http.js');

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));
const json = bodyParser.json();

function handle(request, response, id) {
  // finding: made
  json(request, response, () => {
    reads.push([id, storage.getStore()?.id ?? null]); // finding: read
    response.end('ok');
  });
}

const server = http.createServer((request, response) => {
  const id = Number(request.headers['x-id']);
  storage.run({ id }, handle, request, response, id);
});
server.listen(0, '127.0.0.1', async () => {
  const body = JSON.stringify({ text: 'x'.repeat(50_000) });
  for (const id of [1, 2, 3]) {
    await post(server, { 'x-id': id, 'content-type': 'application/json' }, body);
  }
  server.close();
});
