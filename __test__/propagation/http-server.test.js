'use strict';

// HTTP servers: a request begins in the scope of listen(), which usually is none, and only that
// request sees a store entered by its handler.

const assert = require('node:assert/strict');
const { once } = require('node:events');
const http = require('node:http');
const { differs } = require('../helpers/engine.js');
const { suite } = require('../helpers/suite.js');
const { storage, seen } = require('../helpers/carries.js');

const test = suite(__filename);

async function withServer(server, use) {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const agent = new http.Agent({ keepAlive: true, maxSockets: 2 });
  const send = (path) =>
    new Promise((resolve, reject) => {
      const { port } = server.address();
      const request = http.request({ port, host: '127.0.0.1', agent, path, method: 'POST' });
      request.on('error', reject);
      request.on('response', async (response) => {
        let body = '';
        for await (const chunk of response) body += chunk;
        resolve(body);
      });
      request.end('body');
    });
  try {
    return await use(send);
  } finally {
    agent.destroy();
    server.close();
    await once(server, 'close');
  }
}

test('requests arrive in the scope in which the server began to listen', async () => {
  const found = [];
  const server = storage.run('maker', () =>
    http.createServer((request, response) => {
      found.push(seen());
      response.end();
    }),
  );
  await storage.run('listen', () =>
    withServer(server, async (send) => {
      await send('/1');
      await send('/2');
    }),
  );
  assert.deepEqual(found, ['listen', 'listen']);
});

test('concurrent requests on shared connections keep the stores of their handlers', async () => {
  const found = {};
  const server = http.createServer((request, response) => {
    const id = request.url;
    assert.equal(seen(), undefined);
    storage.run(id, async () => {
      const stores = (found[id] = []);
      await new Promise((resolve) => setTimeout(resolve, 1));
      stores.push(seen());
      for await (const chunk of request) assert.ok(chunk);
      stores.push(seen());
      response.write('part', () => stores.push(seen()));
      await new Promise((resolve) => setImmediate(resolve));
      stores.push(seen());
      response.end();
    });
  });
  await withServer(server, async (send) => {
    await Promise.all(Array.from({ length: 20 }, (_, i) => send(`/${i}`)));
  });
  assert.equal(Object.keys(found).length, 20);
  for (const [id, stores] of Object.entries(found)) assert.deepEqual(stores, Array(4).fill(id));
});

test('the next request of a connection does not see a store of this handler', async () => {
  const found = [];
  const server = http.createServer((request, response) => {
    found.push(seen());
    storage.enterWith(request.url);
    setImmediate(() => {
      found.push(seen());
      response.end();
    });
  });
  await withServer(server, async (send) => {
    for (const path of ['/a', '/b', '/c']) await send(path);
  });
  assert.deepEqual(
    found,
    differs.enterWithSticksToResource
      ? [undefined, '/a', '/a', '/b', '/b', '/c']
      : [undefined, '/a', undefined, '/b', undefined, '/c'],
  );
});

test('the events of the request itself come in no scope, as in Node', async () => {
  // The parser emits them, and belongs to the connection (nodejs/node#41285).
  const found = [];
  const server = http.createServer((request, response) => {
    storage.run('in', () => {
      request.on('end', () => {
        found.push(seen());
        response.end();
      });
      request.resume();
    });
  });
  await withServer(server, (send) => send('/'));
  assert.deepEqual(found, [undefined]);
});

test('a listener bound to its scope sees it', async () => {
  const { AsyncLocalStorage } = require('../../index.js');
  const found = [];
  const server = http.createServer((request, response) => {
    storage.run(request.url, () => {
      request.on(
        'end',
        AsyncLocalStorage.bind(() => {
          found.push(seen());
          response.end();
        }),
      );
      request.resume();
    });
  });
  await withServer(server, async (send) => {
    await send('/a');
    await send('/b');
  });
  assert.deepEqual(found, ['/a', '/b']);
});

test('an upgrade keeps the scopes of its messages', async () => {
  const found = [];
  const server = http.createServer();
  server.on('upgrade', (request, socket) => {
    found.push(seen());
    storage.run('upgraded', () => {
      socket.write(
        'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n' + 'Upgrade: test\r\n\r\n',
        () => found.push(seen()),
      );
      setImmediate(() => socket.end());
    });
  });
  await withServer(server, () =>
    storage.run('client', async () => {
      const headers = { Connection: 'Upgrade', Upgrade: 'test' };
      const request = http.request({ port: server.address().port, host: '127.0.0.1', headers });
      request.end();
      const socket = await new Promise((resolve) =>
        request.on('upgrade', (response, opened) => {
          found.push(seen());
          resolve(opened);
        }),
      );
      socket.resume();
      await once(socket, 'close');
      found.push(seen());
    }),
  );
  assert.deepEqual(found, [undefined, 'upgraded', 'client', 'client']);
});
