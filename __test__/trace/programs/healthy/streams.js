'use strict';

// zlib, crypto, files and pipelines, each made and used in a request.
// expect: none

const { AsyncLocalStorage } = require('node:async_hooks');
const crypto = require('node:crypto');
const fs = require('node:fs');
const { Readable, Transform, pipeline } = require('node:stream');
const { promisify } = require('node:util');
const zlib = require('node:zlib');

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));
const read = (id) => reads.push([id, storage.getStore()?.id ?? null]);

const pipe = promisify(pipeline);

async function handle(id) {
  const upper = new Transform({
    transform(chunk, encoding, callback) {
      read(id);
      setImmediate(callback, null, String(chunk).toUpperCase());
    },
  });
  const chunks = [];
  await pipe(Readable.from(['a', 'b']), upper, async (source) => {
    for await (const chunk of source) chunks.push(chunk);
    read(id);
  });
  read(id);
  await new Promise((resolve) => {
    zlib.gzip(chunks.join(''), () => {
      read(id);
      resolve();
    });
  });
  await new Promise((resolve) => {
    crypto.randomBytes(8, () => {
      read(id);
      resolve();
    });
  });
  const file = fs.createReadStream(__filename);
  let size = 0;
  file.on('data', (chunk) => {
    size += chunk.length;
    read(id);
  });
  await new Promise((resolve) => file.on('close', resolve));
  if (size > 0) read(id);
}

for (const id of [1, 2, 3]) storage.run({ id }, handle, id);
