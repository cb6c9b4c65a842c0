'use strict';

// Sockets: their events run in the scope in which the socket, the server or the listening began.

const assert = require('node:assert/strict');
const dgram = require('node:dgram');
const { once } = require('node:events');
const net = require('node:net');
const tls = require('node:tls');
const { suite } = require('../helpers/suite.js');
const { storage, seen, carries } = require('../helpers/carries.js');

const test = suite(__filename);

// A pre-shared key needs no certificate.
const key = { identity: 'test', psk: Buffer.from('0123456789abcdef') };
const psk = { ciphers: 'PSK', maxVersion: 'TLSv1.2' };
const pskServer = { ...psk, pskCallback: () => key.psk };
const pskClient = { ...psk, pskCallback: () => key, checkServerIdentity() {} };

/** Runs `use(port)` while an echo server is open. */
async function withServer(create, use) {
  const sockets = new Set();
  const server = create((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.pipe(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    return await use(server.address().port, server);
  } finally {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  }
}

async function echo(socket, connected, report) {
  let received = 0;
  socket.on(connected, () => {
    report();
    socket.write('one', () => report());
  });
  socket.on('data', () => {
    report();
    if (++received === 1) socket.end('two', () => report());
  });
  socket.on('end', () => report());
  socket.on('close', () => report());
  await once(socket, 'close');
  assert.equal(received, 2);
}

carries(
  test,
  'a client socket of net',
  (report) =>
    withServer(net.createServer, (port) => echo(net.connect(port, '127.0.0.1'), 'connect', report)),
  { times: 7 },
);

carries(
  test,
  'a client socket of tls',
  (report) =>
    withServer(
      (listener) => tls.createServer(pskServer, listener),
      (port) => echo(tls.connect(port, '127.0.0.1', pskClient), 'secureConnect', report),
    ),
  { times: 7 },
);

carries(test, 'a connection that fails', async (report) => {
  const closed = await withServer(net.createServer, (port) => port);
  const socket = net.connect(closed, '127.0.0.1');
  socket.on('error', () => report());
  await new Promise((resolve) => socket.on('close', resolve));
});

carries(
  test,
  'a server that begins and ends',
  async (report) => {
    const server = net.createServer();
    await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(report())));
    await new Promise((resolve) => server.close(() => resolve(report())));
  },
  { times: 2 },
);

carries(test, 'a socket that times out', (report) =>
  withServer(net.createServer, async (port) => {
    const socket = net.connect(port, '127.0.0.1');
    await new Promise((resolve) => socket.setTimeout(1, resolve));
    report();
    socket.destroy();
    await once(socket, 'close');
  }),
);

test('data comes in the scope in which the socket was made, not in that of the listener', () =>
  withServer(net.createServer, async (port) => {
    const socket = storage.run('maker', () => net.connect(port, '127.0.0.1'));
    const found = storage.run(
      'listener',
      () =>
        new Promise((resolve) => {
          socket.on('data', () => resolve(seen()));
        }),
    );
    storage.run('writer', () => socket.write('data'));
    assert.equal(await found, 'maker');
    socket.destroy();
    await once(socket, 'close');
  }));

test('a connection arrives in the scope of listen(), its data in none', async () => {
  const found = [];
  const server = storage.run('creator', () =>
    net.createServer((socket) => {
      found.push(seen());
      socket.on('data', () => {
        found.push(seen());
        socket.end();
      });
    }),
  );
  storage.run('listen', () => server.listen(0, '127.0.0.1'));
  await once(server, 'listening');
  const client = net.connect(server.address().port, '127.0.0.1');
  client.resume().write('data');
  await once(client, 'close');
  server.close();
  await once(server, 'close');
  assert.deepEqual(found, ['listen', undefined]);
});

carries(
  test,
  'dgram',
  async (report) => {
    const socket = dgram.createSocket('udp4');
    await new Promise((resolve) => socket.bind(0, '127.0.0.1', resolve));
    report();
    const message = once(socket, 'message');
    socket.on('message', () => report());
    socket.send('data', socket.address().port, '127.0.0.1', (error) => report(error));
    await message;
    await new Promise((resolve) => socket.close(resolve));
    report();
  },
  { times: 4 },
);
