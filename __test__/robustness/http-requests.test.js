'use strict';

// 2,500 interleaved HTTP requests on 64 kept-alive connections only see their own stores, in the
// server and in the client, whatever they do on the way.

const assert = require('node:assert/strict');
const { once } = require('node:events');
const http = require('node:http');
const { AsyncLocalStorage } = require('../../index.js');
const { differs } = require('../helpers/engine.js');
const { Journey } = require('../helpers/journey.js');
const { createRandom } = require('../helpers/random.js');
const { suite } = require('../helpers/suite.js');

const test = suite(__filename);

const REQUESTS = 2_500;
const CONNECTIONS = 64;
// More than connections, so that some requests wait in the agent for a connection.
const CLIENTS = 96;
const SEED = 20_260_101;

const nothing = [undefined, undefined, undefined];

function serve(storages, handled) {
  return http.createServer((request, response) => {
    const id = Number(request.url.slice(1));
    const journey = new Journey(storages, createRandom(SEED + id), `server ${id}`);
    const handle = async () => {
      const own = storages.map((storage) => storage.getStore());
      await journey.travel(own, 2);
      handled(id);
      response.end(`${id} ${own}`);
    };
    const fail = (error) => response.writeHead(500).end(error.stack);
    try {
      journey.check(nothing);
      const stores = storages.map((storage, i) => `${id}.${i}`);
      if (id % 2 === 0 || differs.enterWithSticksToResource) {
        const enter = (i) => {
          return i === storages.length ? handle() : storages[i].run(stores[i], enter, i + 1);
        };
        enter(0).catch(fail);
        journey.check(nothing);
      } else {
        // No code leaves these: the end of the callback has to.
        for (const [i, storage] of storages.entries()) storage.enterWith(stores[i]);
        handle().catch(fail);
      }
    } catch (error) {
      fail(error);
    }
  });
}

function fetchText(options, journey, own) {
  return new Promise((resolve, reject) => {
    const request = http.get(options, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('error', reject);
      response.on('end', () => {
        try {
          journey.check(own);
          resolve(text);
        } catch (error) {
          reject(error);
        }
      });
    });
    request.on('error', reject);
  });
}

test(`${REQUESTS} requests over ${CONNECTIONS} connections keep their stores apart`, async () => {
  const storages = [1, 2, 3].map(() => new AsyncLocalStorage());
  const handledIds = new Set();
  const server = serve(storages, (id) => handledIds.add(id));
  const agent = new http.Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const sockets = new Set();
  server.on('connection', (socket) => sockets.add(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();

  let next = 0;
  let checks = 0;
  const client = async () => {
    while (next < REQUESTS) {
      const id = next++;
      const own = [`client ${id}`, undefined, `client ${id}.2`];
      const journey = new Journey(storages, createRandom(SEED - id), `client ${id}`);
      await storages[0].run(own[0], () =>
        storages[2].run(own[2], async () => {
          const options = { agent, port, host: '127.0.0.1', path: `/${id}` };
          const text = await fetchText(options, journey, own);
          journey.check(own);
          assert.equal(text, `${id} ${id}.0,${id}.1,${id}.2`);
          if (id % 8 === 0) await journey.travel(own, 1);
        }),
      );
      journey.check(nothing);
      checks += journey.checks;
    }
  };
  try {
    await Promise.all(Array.from({ length: CLIENTS }, client));
  } finally {
    agent.destroy();
    server.close();
  }

  assert.equal(handledIds.size, REQUESTS);
  assert.ok(checks >= 3 * REQUESTS, `${checks} checks`);
  assert.ok(sockets.size <= CONNECTIONS, `${sockets.size} connections: keep-alive was not used`);
});
