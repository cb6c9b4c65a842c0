// hono on @hono/node-server: the storage of hono/context-storage, middleware on the way in and out,
// bodies, errors, responses that are streams, requests that are aborted. An ES module, as hono is.

import { AsyncLocalStorage, AsyncResource } from 'node:async_hooks';
import { EventEmitterAsyncResource } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { createAdaptorServer } from '@hono/node-server';
import { Hono } from 'hono';
import { contextStorage, getContext, tryGetContext } from 'hono/context-storage';
import { HTTPException } from 'hono/http-exception';
import { stream, streamSSE, streamText } from 'hono/streaming';
import {
  Barrier,
  CONNECTIONS,
  REQUEST_ID,
  Signals,
  abandon,
  close,
  countdown,
  drive,
  listen,
  withResolvers,
} from '../helpers/load.js';
import { Observations } from '../helpers/observations.js';

const logger = new AsyncLocalStorage({ name: 'logger' });
const tracer = new AsyncLocalStorage();
const observations = new Observations({
  hono: () => tryGetContext()?.get('id'),
  logger: () => logger.getStore()?.id,
  tracer: () => tracer.getStore(),
});
const idOf = (c) => c.req.header(REQUEST_ID);
const see = (point, c) => observations.see(point, idOf(c));
const barrier = new Barrier();
const reached = new Signals();
const aborted = new EventEmitterAsyncResource({ name: 'aborted' });

const app = new Hono();
app.use(contextStorage());
app.use((c, next) => logger.run({ id: idOf(c) }, next));
app.use(async (c, next) => {
  tracer.enterWith(idOf(c));
  c.set('id', idOf(c));
  const { incoming, outgoing } = c.env;
  incoming.on('end', () => see("c.env.incoming.on('end')", c));
  outgoing.on('finish', () => see("c.env.outgoing.on('finish')", c));
  outgoing.on(
    'finish',
    AsyncResource.bind(() => see("c.env.outgoing.on('finish'), bound", c)),
  );
  see('middleware, on the way in', c);
  await next();
  see(c.error ? 'middleware, on the way out, after an error' : 'middleware, on the way out', c);
});

// What each storage shows, for the client to compare.
function answer(c, rest) {
  const seen = [getContext().get('id'), logger.getStore().id, tracer.getStore()];
  return c.json({ seen, ...rest });
}
app.get('/awaiting', async (c) => {
  await barrier.arrive();
  see('after await of what another request resolves', c);
  await delay(1);
  see('after await of a timer', c);
  return answer(c);
});
for (const read of ['json', 'text', 'arrayBuffer', 'parseBody']) {
  app.post(`/body/${read}`, async (c) => {
    reached.send(idOf(c));
    await c.req[read]();
    see(`after await of c.req.${read}()`, c);
    return answer(c);
  });
}
app.post('/body/reader', async (c) => {
  reached.send(idOf(c));
  let size = 0;
  for await (const chunk of c.req.raw.body) {
    see('for await (... of c.req.raw.body)', c);
    size += chunk.length;
  }
  return answer(c, { size });
});
app.get('/stream', (c) =>
  stream(c, async (out) => {
    await barrier.arrive();
    see('callback of stream()', c);
    await out.write(`${getContext().get('id')}`);
  }),
);
app.get('/text', (c) =>
  streamText(c, async (out) => {
    await out.write('');
    await out.sleep(1);
    see('callback of streamText()', c);
    await out.write(`${getContext().get('id')}`);
  }),
);
app.get('/events', (c) =>
  streamSSE(c, async (out) => {
    await out.writeSSE({ data: '' });
    await barrier.arrive();
    see('callback of streamSSE()', c);
    await out.writeSSE({ data: `${getContext().get('id')}` });
  }),
);
app.get('/pull', (c) => {
  let pulled = false;
  return c.body(
    new ReadableStream(
      {
        async pull(controller) {
          if (pulled) return controller.close();
          pulled = true;
          await delay(1);
          see('pull() of a ReadableStream, after await', c);
          controller.enqueue(new TextEncoder().encode(idOf(c)));
        },
      },
      { highWaterMark: 0 },
    ),
  );
});
app.get('/throw', async (c) => {
  await delay(1);
  throw new Error(idOf(c));
});
app.get('/exception', async (c) => {
  await delay(1);
  throw new HTTPException(418, { message: idOf(c) });
});
app.get('/abort', (c) =>
  stream(c, async (out) => {
    const { promise, resolve } = withResolvers();
    out.onAbort(() => {
      see('aborted, onAbort()', c);
      resolve();
    });
    await out.write('some');
    await promise;
    see('aborted, after await of it', c);
    aborted.emit('seen');
  }),
);
app.onError((err, c) => {
  see('app.onError()', c);
  return c.json({ seen: [getContext().get('id')] }, err.status ?? 500);
});
app.notFound((c) => {
  see('app.notFound()', c);
  return c.json({ seen: [getContext().get('id')] }, 404);
});

const server = createAdaptorServer({ fetch: app.fetch });
const port = await listen(server);

async function request(path, describe, isOwn) {
  const responses = await drive(port, (id) => ({ path, ...describe(id) }));
  const own = responses.filter(isOwn).length;
  console.log(`${path}: status ${responses[0].status}, ${own} of ${responses.length} own`);
}
const seenIsOwn = ({ id, text }) => JSON.parse(text).seen.every((shown) => shown === id);
const BODIES = {
  '/body/json': ['application/json', '{"n":', '1}'],
  '/body/text': ['text/plain', 'some ', 'text'],
  '/body/arrayBuffer': ['application/octet-stream', 'some ', 'bytes'],
  '/body/parseBody': ['application/x-www-form-urlencoded', 'n=', '1'],
};
for (const [path, [type, first, second]] of Object.entries(BODIES)) {
  const describe = (id) => ({
    method: 'POST',
    headers: { 'content-type': type },
    body: [first, reached.wait(id).then(() => second)],
  });
  await request(path, describe, seenIsOwn);
}
const inOne = (id) => ({ method: 'POST', body: [reached.wait(id).then(() => 'some bytes')] });
await request('/body/reader', inOne, seenIsOwn);
for (const path of ['/awaiting', '/throw', '/exception', '/nowhere']) {
  await request(path, () => ({}), seenIsOwn);
}
for (const path of ['/stream', '/text', '/events', '/pull']) {
  await request(
    path,
    () => ({}),
    ({ id, text }) => text.includes(id),
  );
}
const all = countdown(aborted, 'seen', CONNECTIONS);
await abandon(port, '/abort');
await all;
await close(server);
observations.print();
