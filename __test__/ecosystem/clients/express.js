'use strict';

// express: body parsers, asynchronous handlers, error handlers, events of the response, bodies
// that are read by hand, requests that are aborted. Three storages of the program's own.

const { AsyncLocalStorage, AsyncResource } = require('node:async_hooks');
const { EventEmitterAsyncResource, once } = require('node:events');
const http = require('node:http');
const { pipeline, Readable } = require('node:stream');
const { setTimeout: delay } = require('node:timers/promises');
const zlib = require('node:zlib');
const express = require('express');
const {
  Barrier,
  CONNECTIONS,
  REQUEST_ID,
  Signals,
  abandon,
  close,
  countdown,
  drive,
  listen,
  send,
} = require('../helpers/load.js');
const { Observations } = require('../helpers/observations.js');

const requests = new AsyncLocalStorage();
const logger = new AsyncLocalStorage();
const tracer = new AsyncLocalStorage();
const observations = new Observations({
  request: () => requests.getStore()?.id,
  logger: () => logger.getStore()?.get('id'),
  tracer: () => tracer.getStore(),
});
const idOf = (req) => req.headers[REQUEST_ID];
const see = (point, req) => observations.see(point, idOf(req));
const barrier = new Barrier();
const reached = new Signals();

const app = express();
app.disable('x-powered-by');
app.use((req, res, next) => {
  see('on arrival', req);
  requests.run({ id: idOf(req) }, next);
});
app.use((req, res, next) => logger.run(new Map([['id', idOf(req)]]), next));
app.use((req, res, next) => {
  tracer.enterWith(idOf(req));
  res.on('finish', () => see("res.on('finish')", req));
  res.on(
    'finish',
    AsyncResource.bind(() => see("res.on('finish'), bound", req)),
  );
  res.on(
    'close',
    AsyncLocalStorage.bind(() => see("res.on('close'), bound", req)),
  );
  see('middleware, before the body is parsed', req);
  next();
});

// The client sends the rest of a body when its request has got here: the parsers must wait for it.
app.use((req, res, next) => {
  if (req.headers['content-type'] !== undefined) reached.send(idOf(req));
  next();
});
app.use(express.json(), express.urlencoded(), express.text(), express.raw());
app.use((req, res, next) => {
  see(`middleware, after a body of ${req.headers['content-type'] ?? 'no type'}`, req);
  next();
});
app.param('word', (req, res, next, word) => {
  see('app.param()', req);
  res.locals.word = word;
  next();
});

app.post('/echo/:word', async (req, res) => {
  see('handler', req);
  await barrier.arrive();
  see('handler, after await of what another request resolves', req);
  await delay(1);
  see('handler, after await of a timer', req);
  // Three storages, and what each shows, for the client to compare.
  const seen = [requests.getStore()?.id, logger.getStore()?.get('id'), tracer.getStore()];
  res.json({ seen, body: req.body, word: res.locals.word });
});

const FAILURES = {
  reject: async (req) => {
    await barrier.arrive();
    throw new Error(idOf(req));
  },
  throw: (req) => {
    throw new Error(idOf(req));
  },
  next: (req, res, next) => {
    setImmediate(next, new Error(idOf(req)));
  },
  json: () => {}, // is not called: the parser fails
};
app.post('/fail/:kind', (req, res, next) => FAILURES[req.params.kind](req, res, next));

// A body that is read by hand, its listeners added inside of run().
app.put('/upload', (req, res) => {
  let size = 0;
  req.on('data', (chunk) => {
    size += chunk.length;
  });
  req.once('data', () => see("req.on('data')", req));
  req.once(
    'data',
    AsyncResource.bind(() => see("req.on('data'), bound", req)),
  );
  req.on(
    'end',
    AsyncResource.bind(() => see("req.on('end'), bound", req)),
  );
  req.on('end', () => {
    see("req.on('end')", req);
    res.send(`${size}`);
  });
  reached.send(idOf(req));
});
app.put('/upload/iterated', async (req, res) => {
  reached.send(idOf(req));
  let size = 0;
  for await (const chunk of req) {
    see('for await (... of req), inside', req);
    size += chunk.length;
  }
  see('for await (... of req), after it', req);
  res.send(`${size}`);
});

app.get('/download', (req, res) => {
  const source = Readable.from(['a', 'b', 'c']);
  source.on('end', () => see("streamed response, 'end' of its source", req));
  pipeline(source, zlib.createGzip(), res, () => see('streamed response, callback', req));
});
app.get('/file', (req, res) => {
  res.sendFile(__filename, () => see('res.sendFile(), callback', req));
});

// One emitter for all requests, like that of a database connection.
class Answers extends EventEmitterAsyncResource {}
const shared = new Answers({ name: 'Answers' });
app.get('/event', async (req, res) => {
  const own = new Answers({ name: 'Answers' });
  own.on('answer', () => see('listener of an EventEmitterAsyncResource of the request', req));
  shared.once('answer', () => see('listener of a shared emitter', req));
  shared.once(
    'answer',
    AsyncResource.bind(() => see('listener of a shared emitter, bound', req)),
  );
  const answered = once(shared, 'answer');
  if (shared.listenerCount('answer') === 3 * CONNECTIONS) shared.emit('answer');
  await answered;
  see("after await of once(), the shared emitter's", req);
  requests.exit(() => logger.exit(() => own.emit('answer')));
  res.end();
});
shared.setMaxListeners(3 * CONNECTIONS);

app.get('/abort', async (req, res) => {
  req.on('error', () => see("aborted, req.on('error')", req));
  const closed = [req, res].map((stream) => new Promise((resolve) => stream.on('close', resolve)));
  req.on(
    'close',
    AsyncResource.bind(() => see("aborted, req.on('close'), bound", req)),
  );
  res.on(
    'close',
    AsyncResource.bind(() => see("aborted, res.on('close'), bound", req)),
  );
  res.write('some');
  await Promise.all(closed);
  see("aborted, after await of 'close'", req);
  aborted.emit('seen');
});
const aborted = new EventEmitterAsyncResource({ name: 'aborted' });

// oxlint-disable-next-line no-unused-vars -- express knows an error handler by its length
app.use((err, req, res, next) => {
  see(`error handler, ${req.path}`, req);
  if (err.type === 'request.aborted') aborted.emit('seen');
  res.status(500).json({ seen: requests.getStore()?.id });
});

const BODIES = [
  ['application/json', '{"n":', '1}'],
  ['application/x-www-form-urlencoded', 'n=', '1'],
  ['text/plain', 'some ', 'text'],
];

async function echo(port) {
  for (const [type, ...body] of BODIES) await echoOne(port, { 'content-type': type }, body);
  const zipped = zlib.gzipSync('{"n":1}');
  const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
  await echoOne(port, headers, [zipped.subarray(0, 12), zipped.subarray(12)]);
  await echoOne(port, {}, []);
}

async function echoOne(port, headers, [first, second]) {
  const responses = await drive(port, (id) => ({
    method: 'POST',
    path: `/echo/w${id}`,
    headers,
    body: first === undefined ? [] : [first, reached.wait(id).then(() => second)],
  }));
  const right = responses.filter(({ id, text }) => {
    const { seen, word } = JSON.parse(text);
    return word === `w${id}` && seen.every((shown) => shown === id);
  });
  console.log(`responses with the client's id: ${right.length} of ${responses.length}`);
}

async function fail(port) {
  for (const kind of Object.keys(FAILURES)) {
    const responses = await drive(port, (id) => ({
      method: 'POST',
      path: `/fail/${kind}`,
      headers: { 'content-type': 'application/json' },
      body: ['{"n":', reached.wait(id).then(() => (kind === 'json' ? '?' : '1}'))],
    }));
    const right = responses.filter(
      ({ id, status, text }) => status === 500 && JSON.parse(text).seen === id,
    );
    console.log(`failed by ${kind}, with the client's id: ${right.length} of ${responses.length}`);
  }
}

async function abort(port, path, options) {
  const all = countdown(aborted, 'seen', CONNECTIONS);
  await abandon(port, path, options);
  await all;
}

async function main() {
  const server = http.createServer(app);
  const port = await listen(server);
  await echo(port);
  await fail(port);
  for (const path of ['/upload', '/upload/iterated']) {
    const body = (id) => [reached.wait(id).then(() => 'some bytes')];
    await drive(port, (id) => ({ method: 'PUT', path, body: body(id) }));
  }
  for (const path of ['/download', '/file', '/event']) await drive(port, () => ({ path }));
  await abort(port, '/abort');
  await abort(port, '/echo/aborted', {
    method: 'POST',
    headers: { 'content-type': 'text/plain', 'content-length': '100' },
    until: (id) => reached.wait(id),
  });
  const last = await send(http.globalAgent, port, 'last', { path: '/nowhere' });
  console.log(`unknown path: ${last.status}`);
  http.globalAgent.destroy();
  await close(server);
  console.log(`connections: ${server.connections}`);
  observations.print();
}

main();
