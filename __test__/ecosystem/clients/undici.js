'use strict';

// undici: more requests than connections. Its high-level methods bring the scope of the request
// back; the handlers of dispatch(), and what is read of a request's body, come in the scope of the
// request that opened the connection or was answered before.

const { AsyncResource } = require('node:async_hooks');
const diagnostics = require('node:diagnostics_channel');
const { once } = require('node:events');
const http = require('node:http');
const { Writable } = require('node:stream');
const { FormData, Pool, fetch, interceptors } = require('undici');
const { barrier, print, see, wave, waves } = require('../helpers/requests.js');
const { close, listen } = require('../helpers/load.js');

const CONNECTIONS = 4;
const all = barrier();

// Answers with what it was sent, in two parts; '/wait' is never answered, '/busy' the second time.
const tried = new Set();
const server = http.createServer(async (req, res) => {
  const id = req.headers['x-request-id'];
  if (req.url === '/wait') return;
  if (req.url === '/busy' && !tried.has(id)) {
    tried.add(id);
    res.writeHead(503, { 'retry-after': '0' }).end();
    return;
  }
  const body = await req.toArray();
  res.write(`${id} `);
  setImmediate(() => res.end(Buffer.concat(body)));
});

for (const event of ['upgrade', 'connect']) {
  server.on(event, (req, socket) => {
    const status = event === 'upgrade' ? '101 Switching Protocols' : '200 OK';
    socket.end(`HTTP/1.1 ${status}\r\nconnection: upgrade\r\nupgrade: some\r\n\r\nanswer`);
  });
}

const options = (id, more) => ({
  path: '/',
  method: 'GET',
  headers: { 'x-request-id': id },
  ...more,
});

async function withPool(port, use, limits = { connections: CONNECTIONS }) {
  const pool = new Pool(`http://127.0.0.1:${port}`, limits);
  await use(pool);
  await pool.close();
}

async function requests(pool) {
  await waves('request', async (id) => {
    await all();
    const { body } = await pool.request(options(id, { method: 'POST', body: 'some' }));
    see('await request()', id);
    body.on('data', () => see("'data' of a body", id));
    body.on('end', () => see("'end' of a body", id));
    await once(body, 'end');
    see("await of 'end' of a body", id);
    const other = await pool.request(options(id));
    see('await of the text of a body', (await other.body.text()).trim());
    const third = await pool.request(options(id));
    for await (const chunk of third.body) see('for await of a body', chunk && id);
    await new Promise((resolve, reject) => {
      pool.request(options(id), (error, answer) => {
        see('callback of request()', id);
        if (error) reject(error);
        else answer.body.dump().then(resolve);
      });
    });
  });
}

async function streams(pool) {
  await waves('stream', async (id) => {
    await all();
    await pool.stream(options(id), () => {
      see('factory of stream()', id);
      return new Writable({
        write(chunk, encoding, callback) {
          see('write() of the stream that the factory made', id);
          callback();
        },
      });
    });
    see('await stream()', id);
    const duplex = pool.pipeline(options(id, { method: 'PUT' }), ({ body }) => {
      see('handler of pipeline()', id);
      return body;
    });
    duplex.on('data', () => see("'data' of pipeline()", id));
    duplex.end('some');
    await once(duplex, 'end');
    see("await of 'end' of pipeline()", id);
  });
}

async function tunnels(pool) {
  for (const method of ['upgrade', 'connect']) {
    await waves(method, async (id) => {
      await all();
      const { socket } = await pool[method](options(id, { protocol: 'some' }));
      see(`await ${method}()`, id);
      socket.on('data', () => see(`'data' of the socket of ${method}()`, id));
      await once(socket.resume(), 'close');
      await new Promise((resolve) => {
        pool[method](options(id, { protocol: 'some' }), (error, answer) => {
          see(`callback of ${method}()`, answer && id);
          answer.socket.resume().on('close', resolve);
        });
      });
    });
  }
}

async function bodies(pool) {
  await waves('body', async (id) => {
    await all();
    async function* generate() {
      see('generator of a body, start', id);
      yield 'some';
      see('generator of a body, going on', id);
    }
    const { body } = await pool.request(options(id, { method: 'POST', body: generate() }));
    await body.dump();
    see('after a request with a generated body', id);
  });
}

async function dispatches(pool) {
  await waves('dispatch', async (id) => {
    await all();
    await new Promise((resolve, reject) => {
      pool.dispatch(options(id), {
        onRequestStart: () => see('onRequestStart()', id),
        onResponseStart: () => see('onResponseStart()', id),
        onResponseData: () => see('onResponseData()', id),
        onResponseEnd: AsyncResource.bind(() => {
          see('onResponseEnd(), bound', id);
          resolve();
        }),
        onResponseError: (controller, error) => reject(error),
      });
    });
  });
}

async function composed(pool) {
  const composing = pool.compose(
    interceptors.retry({ minTimeout: 1 }),
    (dispatch) => (opts, handler) => {
      see('interceptor', opts.headers['x-request-id']);
      return dispatch(opts, handler);
    },
  );
  await wave('retry', async (id) => {
    await all();
    const { body } = await composing.request(options(id, { path: '/busy' }));
    see('await of a request that was tried twice', (await body.text()).trim());
  });
}

async function fetching(pool, port) {
  const url = `http://127.0.0.1:${port}/`;
  await waves('fetch', async (id) => {
    await all();
    const form = new FormData();
    form.set('id', id);
    const init = { ...options(id), dispatcher: pool };
    const response = await fetch(url, { ...init, method: 'POST', body: form });
    see('await fetch()', id);
    await response.text();
    see('await of the text of a response', id);
    const { body } = await fetch(url, init);
    for await (const chunk of body) see('for await of the body of a response', chunk && id);
  });
}

async function failing(pool) {
  await waves('abort', async (id) => {
    const controller = new AbortController();
    const asked = pool.request(options(id, { path: '/wait', signal: controller.signal }));
    await all();
    setImmediate(() => controller.abort());
    await asked.catch(({ name }) => see(`catch() of ${name}`, id));
  });
}

async function late(pool) {
  await wave('timeout', (id) =>
    pool
      .request(options(id, { path: '/wait', headersTimeout: 1 }))
      .catch(({ code }) => see(`catch() of ${code}`, id)),
  );
}

// What tools that trace undici listen to.
async function channels(pool) {
  const names = ['create', 'bodySent', 'headers', 'trailers'];
  const listeners = new Map(
    names.map((name) => [
      `undici:request:${name}`,
      ({ request }) => {
        const { headers } = request;
        see(`channel undici:request:${name}`, headers[headers.indexOf('x-request-id') + 1]);
      },
    ]),
  );
  for (const [name, listener] of listeners) diagnostics.subscribe(name, listener);
  await waves('channel', async (id) => {
    await all();
    const { body } = await pool.request(options(id, { method: 'POST', body: 'some' }));
    await body.dump();
  });
  for (const [name, listener] of listeners) diagnostics.unsubscribe(name, listener);
}

async function main() {
  const port = await listen(server);
  const parts = [
    requests,
    streams,
    tunnels,
    bodies,
    dispatches,
    composed,
    fetching,
    failing,
    channels,
  ];
  for (const part of parts) await withPool(port, (pool) => part(pool, port));
  await withPool(port, late, {}); // As many connections as requests: a timeout takes a second.
  await close(server);
  print();
}

main();
