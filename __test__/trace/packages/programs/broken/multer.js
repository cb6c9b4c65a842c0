'use strict';

// What follows an upload runs when the parser of the body closes, in no context.
// expect: lost certain birth|emitter
// mend: proven
// package made: multer/lib/make-middleware.js:164

const { AsyncLocalStorage } = require('node:async_hooks');
const http = require('node:http');
const multer = require('multer');
const { post } = require('../../doubles/http.js');

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));
const upload = multer({ storage: multer.memoryStorage() }).single('file');

function handle(request, response, id) {
  // finding: made
  upload(request, response, () => {
    reads.push([id, storage.getStore()?.id ?? null]); // finding: read
    response.end('ok');
  });
}

const server = http.createServer((request, response) => {
  const id = Number(request.headers['x-id']);
  storage.run({ id }, handle, request, response, id);
});
server.listen(0, '127.0.0.1', async () => {
  const body = [
    '--limit',
    'content-disposition: form-data; name="file"; filename="a.txt"',
    'content-type: text/plain',
    '',
    'x'.repeat(50_000),
    '--limit--',
    '',
  ].join('\r\n');
  for (const id of [1, 2, 3]) {
    await post(server, { 'x-id': id, 'content-type': 'multipart/form-data; boundary=limit' }, body);
  }
  server.close();
});
