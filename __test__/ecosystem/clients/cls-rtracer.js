'use strict';

// cls-rtracer in express, fastify and koa, and without a server. It binds the events of request and
// response; beside it a storage of the program's own, whose events it binds as well.

const { AsyncLocalStorage } = require('node:async_hooks');
const { once } = require('node:events');
const http = require('node:http');
const { setTimeout: delay } = require('node:timers/promises');
const express = require('express');
const fastify = require('fastify');
const Koa = require('koa');
const rTracer = require('cls-rtracer');
const { Barrier, CONNECTIONS, REQUEST_ID, Signals, drive } = require('../helpers/load.js');
const { Observations } = require('../helpers/observations.js');

const options = { useHeader: true, echoHeader: true, headerName: REQUEST_ID };

/** What a program of any framework does with its request; `see` is told the points. */
function createHandler() {
  const before = new AsyncLocalStorage();
  const after = new AsyncLocalStorage();
  const observations = new Observations({
    'rTracer': () => rTracer.id(),
    'entered before': () => before.getStore(),
    'entered after': () => after.getStore(),
  });
  const barrier = new Barrier();
  const reached = new Signals();

  async function handle(req, res, read = readEvents) {
    const id = req.headers[REQUEST_ID];
    const see = (point) => observations.see(point, id);
    see('handler');
    res.on('finish', () => see("res.on('finish')"));
    res.on('close', () => see("res.on('close')"));
    res.once('finish', () => see("res.once('finish')"));
    await read(req, see);
    see('after the body');
    await barrier.arrive();
    see('after await of what another request resolves');
    await delay(1);
    see('after await of a timer');
    return rTracer.id();
  }

  async function readEvents(req, see) {
    req.once('data', () => see("req.once('data')"));
    req.on('data', () => {});
    req.on('end', () => see("req.on('end')"));
    const ended = once(req, 'end');
    reached.send(req.headers[REQUEST_ID]);
    await ended;
  }

  function describe(id) {
    return { method: 'POST', path: '/', body: [reached.wait(id).then(() => 'some bytes')] };
  }
  return { before, after, handle, describe, observations, reached };
}

const PROGRAMS = {
  async express({ before, after, handle }) {
    const app = express();
    app.use((req, res, next) => before.run(req.headers[REQUEST_ID], next));
    app.use(rTracer.expressMiddleware(options));
    app.use((req, res, next) => after.run(req.headers[REQUEST_ID], next));
    app.post('/', async (req, res) => res.send(await handle(req, res)));
    return listenTo(http.createServer(app));
  },

  async fastify({ before, after, handle, reached }) {
    const app = fastify();
    app.addHook('onRequest', (request, reply, done) => {
      before.run(request.headers[REQUEST_ID], done);
    });
    app.register(rTracer.fastifyPlugin, options);
    app.after(() =>
      app.addHook('onRequest', (request, reply, done) => {
        after.run(request.headers[REQUEST_ID], done);
      }),
    );
    app.addHook('preParsing', async (request) => {
      reached.send(request.headers[REQUEST_ID]);
    });
    app.addContentTypeParser('*', { parseAs: 'string' }, async (request, body) => body);
    app.post('/', (request, reply) => handle(request.raw, reply.raw, async () => {}));
    await app.listen({ port: 0, host: '127.0.0.1' });
    return { port: app.server.address().port, close: () => app.close() };
  },

  async koa({ before, after, handle }) {
    const app = new Koa();
    app.use((ctx, next) => before.run(ctx.get(REQUEST_ID), next));
    app.use(rTracer.koaMiddleware(options));
    app.use((ctx, next) => after.run(ctx.get(REQUEST_ID), next));
    app.use(async (ctx) => {
      ctx.body = await handle(ctx.req, ctx.res);
    });
    return listenTo(http.createServer(app.callback()));
  },
};

async function listenTo(server) {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    port: server.address().port,
    async close() {
      server.close();
      await once(server, 'close');
    },
  };
}

async function run(start) {
  const handler = createHandler();
  const program = await start(handler);
  const responses = await drive(program.port, handler.describe);
  await program.close();
  const own = responses.filter(
    ({ id, text, headers }) => id === text && headers[REQUEST_ID] === id,
  );
  console.log(`responses with the client's id: ${own.length} of ${responses.length}`);
  handler.observations.print();
}

async function withoutServer() {
  const observations = new Observations({ rTracer: () => rTracer.id() });
  const barrier = new Barrier();
  await Promise.all(
    Array.from({ length: CONNECTIONS }, (_, i) => {
      const id = `job.${i}`;
      return rTracer.runWithId(async () => {
        await barrier.arrive();
        observations.see('runWithId(), after await of what another resolves', id);
        await rTracer.runWithId(() => delay(1), 'inner');
        observations.see('runWithId(), after another inside', id);
      }, id);
    }),
  );
  observations.print();
  console.log(`outside: ${rTracer.id()}`);
}

async function main() {
  for (const [name, start] of Object.entries(PROGRAMS)) {
    console.log(`-- ${name}`);
    await run(start);
  }
  console.log('-- without a server');
  await withoutServer();
}

main();
