'use strict';

// nestjs with nestjs-cls, its context opened by the middleware, by the guard (which uses
// enterWith()) and by the interceptor. In plain JavaScript: the decorators are called as functions.

const { AsyncLocalStorage } = require('node:async_hooks');
const { NestFactory } = require('@nestjs/core');
const { ClsServiceManager } = require('nestjs-cls');
const { createModule } = require('./nestjs/application.js');
const { Barrier, CONNECTIONS, REQUEST_ID, close, drive } = require('../helpers/load.js');
const { Observations } = require('../helpers/observations.js');

const fromRequest = (cls, req) => cls.set('id', req.headers[REQUEST_ID]);
const fromContext = (cls, context) => fromRequest(cls, context.switchToHttp().getRequest());
const INITIALIZERS = {
  'middleware': { middleware: { mount: true, setup: fromRequest } },
  'middleware with useEnterWith': {
    middleware: { mount: true, useEnterWith: true, setup: fromRequest },
  },
  'guard': { guard: { mount: true, setup: fromContext } },
  'interceptor': { interceptor: { mount: true, setup: fromContext } },
};

async function run(initializer) {
  const logger = new AsyncLocalStorage();
  const cls = ClsServiceManager.getClsService();
  const observations = new Observations({
    cls: () => (cls.isActive() ? cls.get('id') : undefined),
    logger: () => logger.getStore()?.id,
  });
  const barrier = new Barrier();
  const see = (point, id) => observations.see(point, id);
  const { Application, Filter, Service } = createModule(initializer, { see, barrier });

  const app = await NestFactory.create(Application, { logger: false, bodyParser: false });
  app.use((req, res, next) => logger.run({ id: req.headers[REQUEST_ID] }, next));
  app.useBodyParser('json');
  app.useGlobalFilters(app.get(Filter));
  await app.listen(0, '127.0.0.1');
  const server = app.getHttpServer();
  const { port } = server.address();

  const worked = await drive(port, (id) => ({
    method: 'POST',
    path: '/work',
    headers: { 'content-type': 'application/json' },
    body: [JSON.stringify({ id })],
  }));
  report('work', worked);
  report('fail', await drive(port, () => ({ path: '/fail' })));
  const streamed = await drive(port, () => ({ path: '/stream' }));
  const same = streamed.filter(({ id, text }) => text === id);
  console.log(`stream: ${same.length} of ${streamed.length} own`);
  const ids = Array.from({ length: CONNECTIONS }, (_, i) => `job.${i}`);
  await Promise.all(ids.map((id) => logger.run({ id }, () => app.get(Service).job(id))));
  await Promise.all([close(server), app.close()]);
  observations.print();
}

function report(name, responses) {
  const own = responses.filter(({ id, text }) => {
    const { seen } = JSON.parse(text);
    return seen.every((shown) => shown === id);
  });
  console.log(`${name}: status ${responses[0].status}, ${own.length} of ${responses.length} own`);
}

async function main() {
  for (const [name, initializer] of Object.entries(INITIALIZERS)) {
    console.log(`-- ${name}`);
    await run(initializer);
  }
}

main();
