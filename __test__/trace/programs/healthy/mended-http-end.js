'use strict';

// The body of a request is collected by a bound listener, and by an async iterator.
// expect: none

const { AsyncLocalStorage, AsyncResource } = require('node:async_hooks');
const http = require('node:http');

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));
const read = (id) => reads.push([id, storage.getStore()?.id ?? null]);

function collect(request, id) {
  return new Promise((resolve) => {
    let length = 0;
    request.on('data', (chunk) => {
      length += chunk.length;
    });
    request.on(
      'end',
      AsyncResource.bind(() => {
        read(id);
        resolve(length);
      }),
    );
  });
}

async function iterate(request) {
  let length = 0;
  for await (const chunk of request) length += chunk.length;
  return length;
}

async function handle(request, response, id) {
  const length = await (id % 2 ? collect(request, id) : iterate(request));
  read(id);
  response.end(String(length));
}

const server = http.createServer((request, response) => {
  const id = Number(request.headers['x-id']);
  storage.run({ id }, handle, request, response, id);
});

function post(id) {
  return new Promise((resolve, reject) => {
    const headers = { 'x-id': id };
    http
      .request({ port: server.address().port, host: '127.0.0.1', method: 'POST', headers })
      .on('response', (response) => response.resume().on('end', resolve))
      .on('error', reject)
      .end('x'.repeat(50_000));
  });
}

server.listen(0, '127.0.0.1', async () => {
  await Promise.all([1, 2, 3, 4].map(post));
  server.close();
  server.closeAllConnections();
});
