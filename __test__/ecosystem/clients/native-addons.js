'use strict';

// Addons whose callbacks Node itself does not bind: koffi and bcrypt, which make an asynchronous
// call of Node-API. With Node's own class too, such a callback keeps its store on Node 20 and 22,
// and has none on 24 and 26.

const { AsyncResource } = require('node:async_hooks');
const bcrypt = require('bcrypt');
const koffi = require('koffi');
const { barrier, print, see, waves } = require('../helpers/requests.js');

const ROUNDS = 4;
const library = process.platform === 'win32' ? 'msvcrt.dll' :
  process.platform === 'darwin' ? 'libSystem.B.dylib' : 'libc.so.6';
const abs = koffi.load(library).func('int abs(int)');

const all = barrier();

async function main() {
  await waves('call', async (id) => {
    await all();
    await new Promise((resolve) => {
      abs.async(-1, () => resolve(see('koffi: callback of async()', id)));
    });
    await new Promise((resolve) => {
      bcrypt.hash('password', ROUNDS, () => resolve(see('bcrypt: callback of hash()', id)));
    });
    see('after await', id);
    await new Promise((resolve) => {
      abs.async(-1, AsyncResource.bind(() => resolve(see('koffi: bound callback', id))));
    });
    await bcrypt.hash('password', ROUNDS);
    see('bcrypt: after await of hash()', id);
  });
  print();
}

main();
