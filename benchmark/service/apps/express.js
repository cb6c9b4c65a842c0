'use strict';

const { once } = require('node:events');
const express = require('express');
const { handle } = require('../service.js');

/** Starts the app; resolves to its port. `libraries` enter their scopes in this order. */
module.exports = async function listen(host, libraries) {
  const app = express();
  for (const library of libraries) {
    app.use((request, response, next) => library.enter(request, next));
  }
  app.get('/orders/:id', async (request, response) => {
    response.json(await handle(request));
  });
  const server = app.listen(0, host);
  await once(server, 'listening');
  return server.address().port;
};
