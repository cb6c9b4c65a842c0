'use strict';

// fastify with @fastify/request-context, which goes on with each request in a resource of its own:
// hooks that enter a storage by run(), in requests without a body. The program `fastify` has one
// that uses enterWith(), in requests with a body.

const { AsyncLocalStorage } = require('node:async_hooks');
const { fastifyRequestContext } = require('@fastify/request-context');
const fastify = require('fastify');
const { Observations } = require('../helpers/observations.js');

const REQUESTS = 20;
const HOOKS = ['onRequest', 'preParsing', 'preValidation', 'preHandler'];

const storage = new AsyncLocalStorage();
const observations = new Observations({ run: () => storage.getStore() });

const app = fastify({ forceCloseConnections: true });
app.register(fastifyRequestContext);
for (const hook of HOOKS) {
  app.register(async (routes) => {
    const enter = (request, done) => storage.run(request.headers['x-id'], done);
    // fastify looks at the number of parameters.
    routes.addHook(
      hook,
      hook === 'preParsing'
        ? (request, reply, payload, done) => enter(request, done)
        : (request, reply, done) => enter(request, done),
    );
    routes.get(`/${hook}`, async (request) => {
      observations.see(`handler, entered by ${hook} after the plugin`, request.headers['x-id']);
      return 'seen';
    });
  });
}

async function main() {
  const origin = await app.listen({ port: 0, host: '127.0.0.1' });
  for (const hook of HOOKS) {
    await Promise.all(
      Array.from({ length: REQUESTS }, async (_, i) => {
        const response = await fetch(`${origin}/${hook}`, { headers: { 'x-id': `${hook}.${i}` } });
        await response.text();
      }),
    );
  }
  await app.close();
  observations.print();
}

main();
