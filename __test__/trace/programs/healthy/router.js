'use strict';

// A router as Express has it: layers of the start-up, next() of the request.
// expect: none

const { AsyncLocalStorage } = require('node:async_hooks');
const http = require('node:http');

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));
const read = (id) => reads.push([id, storage.getStore()?.id ?? null]);

class Router {
  stack = [];

  use(layer) {
    this.stack.push(layer);
  }

  handle(request, response, done) {
    let index = 0;
    const next = (error) => {
      if (error) return done(error);
      const layer = this.stack[index++];
      if (layer === undefined) return done();
      try {
        return layer(request, response, next);
      } catch (thrown) {
        return next(thrown);
      }
    };
    next();
  }
}

const router = new Router();
router.use((request, response, next) => {
  request.id = Number(request.headers['x-id']);
  storage.run({ id: request.id }, next);
});
router.use((request, response, next) => {
  read(request.id);
  setImmediate(next);
});
router.use((request, response, next) => {
  read(request.id);
  Promise.resolve().then(() => next());
});
router.use((request, response) => {
  read(request.id);
  response.on('finish', () => {});
  response.end('ok');
});

const server = http.createServer((request, response) => {
  router.handle(request, response, () => response.end());
});
server.listen(0, '127.0.0.1', async () => {
  const { port } = server.address();
  const get = (id) =>
    new Promise((resolve) => {
      const headers = { 'x-id': id };
      http.get({ port, host: '127.0.0.1', headers, agent: false }, (response) =>
        response.resume().on('end', resolve),
      );
    });
  await Promise.all([1, 2, 3].map(get));
  server.close();
});
