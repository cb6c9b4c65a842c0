'use strict';

// HTTP clients: every event of a request runs in the scope in which it was created, even if the
// socket was opened for another request.

const assert = require('node:assert/strict');
const { once } = require('node:events');
const http = require('node:http');
const http2 = require('node:http2');
const https = require('node:https');
const { suite } = require('../helpers/suite.js');
const { storage, seen, carries } = require('../helpers/carries.js');

const test = suite(__filename);

// A pre-shared key needs no certificate.
const key = { identity: 'test', psk: Buffer.from('0123456789abcdef') };
const psk = { ciphers: 'PSK', maxVersion: 'TLSv1.2' };
const pskServer = { ...psk, pskCallback: () => key.psk };
const pskClient = { ...psk, pskCallback: () => key, checkServerIdentity() {} };

async function withServer(server, use) {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    return await use(server.address().port);
  } finally {
    server.closeAllConnections?.();
    server.close();
    await once(server, 'close');
  }
}

const answer = (request, response) => {
  request.resume();
  request.on('end', () => response.end('answer'));
};

function get(client, options, report) {
  return new Promise((resolve, reject) => {
    const request = client.request({ host: '127.0.0.1', method: 'POST', ...options });
    request.on('error', reject);
    request.on('socket', () => report());
    request.on('finish', () => report());
    request.on('response', (response) => {
      report();
      response.on('data', () => report());
      response.on('end', () => report());
      response.on('close', () => {
        report();
        resolve(request);
      });
    });
    request.end('body');
  });
}
const REPORTS = 6;

carries(
  test,
  'http.request',
  (report) =>
    withServer(http.createServer(answer), (port) => get(http, { port, agent: false }, report)),
  { times: REPORTS },
);

carries(
  test,
  'https.request',
  (report) =>
    withServer(https.createServer(pskServer, answer), (port) =>
      get(https, { port, agent: false, ...pskClient }, report),
    ),
  { times: REPORTS },
);

for (const [name, client, server, options] of [
  ['http', http, () => http.createServer(answer), {}],
  ['https', https, () => https.createServer(pskServer, answer), pskClient],
]) {
  test(`${name}: a keep-alive agent that reuses one socket and lets requests queue`, () =>
    withServer(server(), async (port) => {
      const agent = new client.Agent({ keepAlive: true, maxSockets: 1 });
      const reports = {};
      const ports = [];
      const send = (id) =>
        storage.run(id, async () => {
          reports[id] = [];
          const request = await get(client, { port, agent, ...options }, () => {
            reports[id].push(seen());
          });
          ports.push(request.socket.localPort);
          assert.equal(seen(), id);
        });
      await send('first');
      await send('second');
      await Promise.all(['a', 'b', 'c', 'd'].map(send));
      agent.destroy();
      // Otherwise this tests nothing.
      assert.deepEqual(ports, Array(6).fill(ports[0]));
      for (const [id, stores] of Object.entries(reports)) {
        assert.deepEqual(stores, Array(REPORTS).fill(id));
      }
    }));
}

carries(
  test,
  'a request that fails, one that is aborted, one that times out',
  async (report) => {
    const port = await withServer(http.createServer(answer), (closed) => closed);
    await once(http.get({ port, host: '127.0.0.1' }), 'error');
    report();
    await withServer(
      http.createServer(() => {}),
      async (silent) => {
        const aborted = http.get({ port: silent, host: '127.0.0.1' });
        aborted.on('error', () => report());
        setImmediate(() => storage.run('aborter', () => aborted.destroy()));
        await new Promise((resolve) => aborted.on('close', resolve));
        const late = http.get({ port: silent, host: '127.0.0.1', timeout: 1 });
        late.on('error', () => report());
        late.on('timeout', () => {
          report();
          late.destroy();
        });
        await new Promise((resolve) => late.on('close', resolve));
      },
    );
  },
  { times: 4 },
);

carries(
  test,
  'fetch',
  (report) =>
    withServer(http.createServer(answer), async (port) => {
      for (let i = 0; i < 2; i++) {
        const response = await fetch(`http://127.0.0.1:${port}`, { method: 'POST', body: 'body' });
        report();
        assert.equal(await response.text(), 'answer');
        report();
      }
    }),
  { times: 4 },
);

test('fetch: concurrent requests may share connections', () =>
  withServer(http.createServer(answer), async (port) => {
    const found = [];
    await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        storage.run(i, async () => {
          const response = await fetch(`http://127.0.0.1:${port}`);
          found.push(seen());
          for await (const chunk of response.body) assert.ok(chunk);
          found.push(seen());
          assert.equal(found.at(-1), i);
        }),
      ),
    );
    assert.equal(found.length, 40);
    assert.deepEqual(
      [...new Set(found)].sort((a, b) => a - b),
      Array.from({ length: 20 }, (_, i) => i),
    );
  }));

carries(
  test,
  'http2: a session of its own',
  (report) => {
    const server = http2.createServer();
    server.on('stream', (stream) => {
      stream.respond();
      stream.resume().on('end', () => stream.end('answer'));
    });
    return withServer(server, async (port) => {
      const session = http2.connect(`http://127.0.0.1:${port}`);
      session.on('connect', () => report());
      const stream = session.request({ ':method': 'POST' });
      for (const event of ['response', 'data', 'end', 'close']) stream.on(event, () => report());
      stream.end('body');
      await once(stream, 'close');
      session.close();
      await once(session, 'close');
    });
  },
  { times: 5 },
);

test('http2: the streams of one session keep the scopes of their requests', async () => {
  const server = http2.createServer();
  server.on('stream', (stream) => {
    stream.respond();
    stream.end('answer');
  });
  await withServer(server, async (port) => {
    const session = storage.run('session', () => http2.connect(`http://127.0.0.1:${port}`));
    const found = {};
    await Promise.all(
      ['a', 'b', 'c'].map((id) =>
        storage.run(id, async () => {
          found[id] = [];
          const stream = session.request();
          for (const event of ['response', 'data', 'end', 'close']) {
            stream.on(event, () => found[id].push(seen()));
          }
          await once(stream, 'close');
          found[id].push(seen());
        }),
      ),
    );
    session.close();
    await once(session, 'close');
    for (const id of ['a', 'b', 'c']) assert.deepEqual(found[id], Array(5).fill(id));
  });
});
