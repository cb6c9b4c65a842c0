'use strict';

// Callbacks of fs, dns, crypto, zlib and child_process run in the scope of the call.

const assert = require('node:assert/strict');
const { execFile, fork, spawn } = require('node:child_process');
const crypto = require('node:crypto');
const dgram = require('node:dgram');
const dns = require('node:dns');
const { once } = require('node:events');
const fs = require('node:fs');
const path = require('node:path');
const zlib = require('node:zlib');
const { suite } = require('../helpers/suite.js');
const { storage, carries } = require('../helpers/carries.js');

const test = suite(__filename);
const echo = require.resolve('../fixtures/echo-process.js');

carries(
  test,
  'fs with callbacks',
  (report) => {
    fs.stat(__filename, report);
    fs.readFile(__filename, report);
    fs.open(__filename, (error, fd) => {
      report(error);
      fs.read(fd, Buffer.alloc(8), 0, 8, 0, (readError) => {
        report(readError);
        fs.close(fd, report);
      });
    });
  },
  { times: 5 },
);

carries(
  test,
  'fs.promises',
  async (report) => {
    await fs.promises.stat(__filename);
    report();
    const handle = await fs.promises.open(__filename);
    report();
    await handle.readFile();
    report();
    await handle.close();
    report();
    await fs.promises.readFile(__filename);
    report();
    for await (const entry of await fs.promises.opendir(__dirname)) {
      assert.ok(entry.name);
      report();
      break;
    }
  },
  { times: 6 },
);

carries(
  test,
  'fs that fails',
  async (report) => {
    const missing = path.join(__dirname, 'does-not-exist');
    fs.stat(missing, () => report());
    await assert.rejects(fs.promises.stat(missing), { code: 'ENOENT' });
    report();
  },
  { times: 2 },
);

carries(
  test,
  'the events of a file stream',
  async (report) => {
    const stream = fs.createReadStream(__filename, { end: 10 });
    for (const event of ['open', 'ready', 'data', 'end', 'close']) stream.on(event, () => report());
    await once(stream, 'close');
  },
  { times: 5 },
);

carries(
  test,
  'dns.lookup',
  async (report) => {
    dns.lookup('127.0.0.1', report);
    dns.lookup('localhost', report);
    await dns.promises.lookup('localhost');
    report();
  },
  { times: 3 },
);

carries(test, 'dns.Resolver', async (report) => {
  const server = dgram.createSocket('udp4');
  server.on('message', (query, { port, address }) => {
    const answer = Buffer.from(query);
    answer[2] |= 0x80; // it is an answer
    answer[3] = (answer[3] & 0xf0) | 3; // there is no such name
    server.send(answer, port, address);
  });
  server.bind(0, '127.0.0.1');
  await once(server, 'listening');
  const resolver = new dns.Resolver();
  resolver.setServers([`127.0.0.1:${server.address().port}`]);
  await new Promise((resolve) =>
    resolver.resolve4('name.test', (error) => {
      report();
      resolve(assert.equal(error.code, 'ENOTFOUND'));
    }),
  );
  server.close();
});

carries(
  test,
  'crypto',
  async (report) => {
    // Not randomInt(): Node calls back all that wait for its cache in the scope of the first.
    crypto.randomBytes(16, report);
    crypto.pbkdf2('password', 'salt', 1, 16, 'sha256', report);
    crypto.scrypt('password', 'salt', 16, { N: 2 }, report);
    crypto.hkdf('sha256', 'key', 'salt', 'info', 16, report);
    crypto.generateKeyPair('ec', { namedCurve: 'P-256' }, report);
    await crypto.webcrypto.subtle.digest('SHA-256', Buffer.from('data'));
    report();
  },
  { times: 6 },
);

carries(
  test,
  'zlib',
  async (report) => {
    const data = Buffer.alloc(100_000, 'data');
    zlib.gzip(data, (error, zipped) => {
      report(error);
      zlib.gunzip(zipped, report);
    });
    zlib.brotliCompress(data, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 1 } }, report);
    const stream = zlib.createDeflate();
    stream.once('data', () => report());
    stream.on('end', () => report());
    stream.end(data);
  },
  { times: 5 },
);

carries(
  test,
  'child_process',
  async (report) => {
    execFile(process.execPath, ['--version'], report);
    const child = spawn(process.execPath, ['--version']);
    child.on('spawn', () => report());
    child.stdout.once('data', () => report());
    child.on('exit', () => report());
    child.on('close', () => report());
    await once(child, 'close');
  },
  { times: 5 },
);

test('messages of a child process arrive in the scope in which it was started', async () => {
  const found = [];
  const child = storage.run('starter', () => fork(echo));
  storage.run('listener', () => child.on('message', () => found.push(storage.getStore())));
  await storage.run('sender', async () => {
    child.send('hello');
    await once(child, 'message');
    found.push(storage.getStore());
  });
  child.disconnect();
  await once(child, 'exit');
  assert.deepEqual(found, ['starter', 'sender']);
});
