'use strict';

// Prints what is seen in callbacks of native addons that Node itself does not bind: threadsafe
// functions and asynchronous work of Node-API, and objects that live longer than a request.

const { AsyncResource } = require('node:async_hooks');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const bcrypt = require('bcrypt');
const koffi = require('koffi');
const { open } = require('lmdb');
const sharp = require('sharp');
const { barrier, print, see, waves } = require('../../helpers/requests.js');

const ROUNDS = 4;
const IMAGE = { create: { width: 8, height: 8, channels: 3, background: 'red' } };
const library = koffi.load(
  process.platform === 'win32'
    ? 'msvcrt.dll'
    : process.platform === 'darwin'
      ? 'libSystem.B.dylib'
      : 'libc.so.6',
);
const abs = library.func('int abs(int)');
koffi.proto('int Compare(const void *a, const void *b)');
const sort = library.func(
  'void qsort(_Inout_ int *base, size_t count, size_t size, Compare *compare)',
);

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'async-hooks-rs-'));
const database = open({ path: path.join(folder, 'database') });

const all = barrier();

/** Waits for a callback, `start(done)`, in which `point` is looked at. */
const callback = (point, id, start) =>
  new Promise((resolve, reject) => {
    start((error) => {
      see(point, id);
      if (error instanceof Error) reject(error);
      else resolve();
    });
  });

const programs = {
  async koffi(id) {
    await callback('koffi: callback of async()', id, (done) => abs.async(-1, done));
    await callback('koffi: bound callback', id, (done) => abs.async(-1, AsyncResource.bind(done)));
    await new Promise((resolve) => {
      const compare = () => {
        see('koffi: function that C calls', id);
        return 0;
      };
      sort.async([3, 1, 2], 3, 4, compare, resolve);
    });
  },
  async bcrypt(id) {
    await callback('bcrypt: callback of hash()', id, (done) => bcrypt.hash('a', ROUNDS, done));
    const hash = bcrypt.hashSync('a', ROUNDS);
    await callback('bcrypt: callback of compare()', id, (done) => bcrypt.compare('a', hash, done));
    await bcrypt.hash('a', ROUNDS);
    see('bcrypt: after await of hash()', id);
  },
  async sharp(id) {
    await callback('sharp: callback of toBuffer()', id, (done) =>
      sharp(IMAGE).png().toBuffer(done),
    );
    await callback('sharp: callback of metadata()', id, (done) =>
      sharp(IMAGE).png().metadata(done),
    );
    await new Promise((resolve, reject) => {
      const image = sharp(IMAGE).png().on('error', reject);
      image.on('data', () => see('sharp: data', id));
      image.on('info', () => see('sharp: info', id));
      image.on('end', () => {
        see('sharp: end', id);
        resolve();
      });
    });
    await sharp(IMAGE).png().toBuffer();
    see('sharp: after await of toBuffer()', id);
  },
  async lmdb(id) {
    await database.transaction(() => see('lmdb: callback of transaction()', id));
    await database.put(id, id);
    see('lmdb: after await of put()', id);
  },
};

async function main() {
  for (const [name, program] of Object.entries(programs)) {
    await waves(name, async (id) => {
      await all();
      await program(id);
    });
  }
  await database.close();
  fs.rmSync(folder, { recursive: true, force: true });
  // Transactions of several requests are one for lmdb.
  print(['lmdb: callback of transaction()']);
}

main();
