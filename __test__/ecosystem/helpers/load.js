'use strict';

// Concurrent requests over real sockets: as many connections as requests in a wave, kept alive, so
// that the second wave comes over the connections of the first.

const { once } = require('node:events');
const http = require('node:http');

const CONNECTIONS = 20;
const WAVES = 2;
const REQUEST_ID = 'x-request-id';

/** A barrier: each waits for all others; then it serves the next wave. */
class Barrier {
  #count;
  #waiting = [];

  constructor(count = CONNECTIONS) {
    this.#count = count;
  }

  /** The promises are resolved in the scope of the last arrival. */
  arrive() {
    const { promise, resolve } = withResolvers();
    this.#waiting.push(resolve);
    if (this.#waiting.length === this.#count) {
      for (const release of this.#waiting.splice(0)) release();
    }
    return promise;
  }
}

/** The server uses it to tell the client of a request that it has reached a point. */
class Signals {
  #resolvers = new Map();

  wait(id) {
    const { promise, resolve } = withResolvers();
    this.#resolvers.set(id, resolve);
    return promise;
  }

  send(id) {
    this.#resolvers.get(id)();
  }
}

function withResolvers() {
  const resolvers = {};
  resolvers.promise = new Promise((resolve, reject) => {
    Object.assign(resolvers, { resolve, reject });
  });
  return resolvers;
}

/**
 * Sends two waves of requests to `port` and returns the responses, each with the `id` of its
 * request.
 * @param {(id: string) => { path: string, method?: string, headers?: object, body?: unknown[] }}
 *   describe what to send: parts of the body may be promises, which are waited for
 */
async function drive(port, describe) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const responses = [];
  for (let wave = 1; wave <= WAVES; wave++) {
    const free = countdown(agent, 'free', CONNECTIONS);
    const sent = Array.from({ length: CONNECTIONS }, (_, i) => {
      const id = `${wave}.${i}`;
      return send(agent, port, id, describe(id));
    });
    responses.push(...(await Promise.all(sent)));
    await free;
  }
  agent.destroy();
  return responses;
}

async function send(agent, port, id, { body = [], headers, ...options }) {
  const req = http.request({
    ...options,
    agent,
    port,
    host: '127.0.0.1',
    headers: { ...headers, [REQUEST_ID]: id },
  });
  const response = once(req, 'response');
  req.flushHeaders();
  for (const part of body) req.write(await part);
  req.end();
  const [res] = await response;
  let text = '';
  for await (const chunk of res.setEncoding('utf8')) text += chunk;
  return { id, status: res.statusCode, headers: res.headers, text };
}

/**
 * Sends requests whose connections end in the middle: the client closes them when it has seen the
 * first bytes of the response, or when `until(id)` is fulfilled, unless the server does.
 */
async function abandon(port, path, { until, ...options } = {}) {
  await Promise.all(
    Array.from({ length: CONNECTIONS }, async (_, i) => {
      const id = `abandoned.${i}`;
      const headers = { ...options.headers, [REQUEST_ID]: id };
      const req = http.request({
        ...options,
        agent: false,
        port,
        host: '127.0.0.1',
        path,
        headers,
      });
      const { promise, resolve } = withResolvers();
      req.on('response', (res) => res.once('data', () => req.destroy()).on('error', () => {}));
      req.on('error', () => {}).on('close', resolve);
      if (until === undefined) {
        req.end();
      } else {
        req.write('some');
        until(id).then(() => req.destroy());
      }
      await promise;
    }),
  );
}

/** Fulfilled when the event was emitted `count` times. */
function countdown(emitter, event, count) {
  const { promise, resolve } = withResolvers();
  emitter.on(event, function counted() {
    if (--count > 0) return;
    emitter.off(event, counted);
    resolve();
  });
  return promise;
}

/** Starts `server` on a free port of the loopback interface; counts its connections. */
async function listen(server) {
  server.connections = 0;
  server.on('connection', () => server.connections++);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return server.address().port;
}

/** Ends when the last connection has ended, and with it the events of the last request. */
async function close(server) {
  server.close();
  await once(server, 'close');
}

module.exports = {
  Barrier,
  CONNECTIONS,
  REQUEST_ID,
  Signals,
  WAVES,
  abandon,
  close,
  countdown,
  drive,
  listen,
  send,
  withResolvers,
};
