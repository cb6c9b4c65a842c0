'use strict';

// fastify with @fastify/request-context: every hook, the parsers of bodies, validation, errors,
// streams, requests that are aborted. Beside the plugin's storage two of the program's own.

const { AsyncLocalStorage, AsyncResource } = require('node:async_hooks');
const { EventEmitterAsyncResource } = require('node:events');
const { Readable } = require('node:stream');
const { setTimeout: delay } = require('node:timers/promises');
const { fastifyRequestContext, requestContext } = require('@fastify/request-context');
const fastify = require('fastify');
const {
  Barrier,
  CONNECTIONS,
  REQUEST_ID,
  Signals,
  abandon,
  countdown,
  drive,
} = require('../helpers/load.js');
const { Observations } = require('../helpers/observations.js');

const logger = new AsyncLocalStorage();
const tracer = new AsyncLocalStorage();
const observations = new Observations({
  plugin: () => requestContext.get('id'),
  logger: () => logger.getStore()?.id,
  tracer: () => tracer.getStore(),
});
const idOf = (request) => request.headers[REQUEST_ID];
const see = (point, request) => observations.see(point, idOf(request));
const barrier = new Barrier();
const reached = new Signals();
const aborted = new EventEmitterAsyncResource({ name: 'aborted' });

const app = fastify({ forceCloseConnections: 'idle' });
app.addHook('onRequest', (request, reply, done) => logger.run({ id: idOf(request) }, done));
app.register(fastifyRequestContext, { defaultStoreValues: (request) => ({ id: idOf(request) }) });
// The plugin goes on in the scope that its own hook saw: scopes entered after it are lost.
app.after(() =>
  app.addHook('onRequest', (request, reply, done) => {
    tracer.enterWith(idOf(request));
    reply.raw.on('finish', () => see("reply.raw.on('finish')", request));
    reply.raw.on(
      'finish',
      AsyncResource.bind(() => see("reply.raw.on('finish'), bound", request)),
    );
    done();
  }),
);

// One by one, because fastify looks at the number of parameters.
app.addHook('onRequest', async (request) => see('onRequest', request));
app.addHook('preParsing', (request, reply, payload, done) => {
  see('preParsing', request);
  if (request.method === 'POST') reached.send(idOf(request));
  done(null, payload);
});
app.addHook('preValidation', async (request) => {
  see('preValidation', request);
  await barrier.arrive();
  see('preValidation, after await of what another request resolves', request);
});
app.addHook('preHandler', (request, reply, done) => {
  see('preHandler', request);
  setImmediate(done);
});
app.addHook('preSerialization', async (request, reply, payload) => {
  see('preSerialization', request);
  return payload;
});
app.addHook('onSend', (request, reply, payload, done) => {
  see('onSend', request);
  done(null, payload);
});
app.addHook('onResponse', async (request) => see('onResponse', request));
app.addHook('onError', async (request) => see('onError', request));
app.addHook('onRequestAbort', async (request) => {
  see('onRequestAbort', request);
  aborted.emit('seen');
});
app.setErrorHandler(async (err, request, reply) => {
  see('error handler', request);
  return reply.code(err.statusCode ?? 500).send({ seen: requestContext.get('id') });
});
app.setNotFoundHandler(async (request, reply) => {
  see('handler of what is not found', request);
  return reply.code(404).send({ seen: requestContext.get('id') });
});

const asText = { parseAs: 'string' };
app.addContentTypeParser('text/lines', asText, (request, body, done) => {
  see('content type parser for a string', request);
  done(null, { n: body.split('\n').length });
});
app.addContentTypeParser('text/events', (request, payload, done) => {
  see('content type parser for a stream', request);
  let size = 0;
  payload.once('data', () => see("content type parser for a stream, 'data'", request));
  payload.on('data', (chunk) => {
    size += chunk.length;
  });
  payload.on('end', () => {
    see("content type parser for a stream, 'end'", request);
    done(null, { n: size });
  });
});
app.addContentTypeParser('text/iterated', async (request, payload) => {
  let size = 0;
  for await (const chunk of payload) size += chunk.length;
  see('content type parser for a stream, iterated', request);
  return { n: size };
});

function answer() {
  return { seen: requestContext.get('id'), logged: logger.getStore()?.id };
}
app.register(async (routes) => {
  for (const type of ['json', 'lines', 'events', 'iterated']) {
    routes.post(`/${type}`, async (request) => {
      see('handler', request);
      await delay(1);
      see('handler, after await of a timer', request);
      return answer();
    });
  }
  routes.post('/callback', (request, reply) => {
    see('handler', request);
    process.nextTick(() => reply.send(answer()));
  });
  routes.post('/stream', (request, reply) => {
    const source = Readable.from(['a', 'b']);
    source.on('end', () => see("'end' of the streamed response", request));
    reply.header('content-type', 'text/plain').send(source);
  });
  routes.post('/throw', async (request) => {
    await delay(1);
    throw new Error(idOf(request));
  });
  const number = { type: 'object', properties: { n: { type: 'number' } } };
  routes.post('/validated', { schema: { body: number } }, async () => {
    throw new Error('a body that is not valid has got to the handler');
  });
  routes.get('/abort', (request, reply) => {
    see('handler', request);
    reply.hijack();
    reply.raw.write('some');
  });
});

const ROUTES = {
  '/json': ['application/json', '{"n":', '1}'],
  '/lines': ['text/lines', 'a\n', 'b'],
  '/events': ['text/events', 'some ', 'text'],
  '/iterated': ['text/iterated', 'some ', 'text'],
  '/callback': ['application/json', '{"n":', '1}'],
  '/stream': ['application/json', '{"n":', '1}'],
  '/throw': ['application/json', '{"n":', '1}'],
  '/validated': ['application/json', '{"n":', '"x"}'],
  '/nowhere': ['application/json', '{"n":', '1}'],
};

async function post(port, path, [type, first, second]) {
  const responses = await drive(port, (id) => {
    const wanted = reached.wait(id);
    return {
      method: 'POST',
      path,
      headers: { 'content-type': type },
      body: [wanted.then(() => first), wanted.then(() => second)],
    };
  });
  const own = responses.filter(({ id, text }) => isOwn(id, text)).length;
  console.log(`POST ${path}: status ${responses[0].status}, ${own} of ${responses.length} own`);
}

function isOwn(id, text) {
  if (text === 'ab') return true; // that of /stream, which cannot show an id
  const { seen, logged = seen } = JSON.parse(text);
  return seen === id && logged === id;
}

async function main() {
  await app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = app.server.address();
  for (const [path, body] of Object.entries(ROUTES)) await post(port, path, body);
  const all = countdown(aborted, 'seen', CONNECTIONS);
  await abandon(port, '/abort');
  await all;
  await app.close();
  observations.print();
}

main();
