'use strict';

const fastify = require('fastify');
const { handle } = require('../service.js');

/** Starts the app; resolves to its port. `libraries` enter their scopes in this order. */
module.exports = async function listen(host, libraries) {
  const app = fastify();
  for (const library of libraries) {
    app.addHook('onRequest', (request, reply, done) => library.enter(request, done));
  }
  app.get('/orders/:id', async (request) => handle(request));
  await app.listen({ port: 0, host });
  return app.server.address().port;
};
