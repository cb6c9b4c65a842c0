'use strict';

// What a request listener does at the end of the body runs in no context.
// expect: lost certain birth|emitter
// mend: proven

const { AsyncLocalStorage } = require('node:async_hooks');
const http = require('node:http');

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));

function handle(request, response) {
  const id = Number(request.headers['x-id']);
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  // finding: made
  request.on('end', () => {
    reads.push([id, storage.getStore()?.id ?? null]); // finding: read
    response.end(Buffer.concat(chunks));
  });
}

const server = http.createServer((request, response) => {
  const id = Number(request.headers['x-id']);
  storage.run({ id }, handle, request, response);
});

function post(id) {
  return new Promise((resolve, reject) => {
    const { port } = server.address();
    const headers = { 'x-id': id };
    http
      .request({ port, host: '127.0.0.1', method: 'POST', headers, agent: false })
      .on('response', (response) => response.resume().on('end', resolve))
      .on('error', reject)
      .end('x'.repeat(100_000));
  });
}

server.listen(0, '127.0.0.1', async () => {
  await Promise.all([1, 2, 3].map(post));
  server.close();
});
