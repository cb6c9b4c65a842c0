'use strict';

// OpenTelemetry's context manager with its tracer: the spans of each request, from the client over
// two servers, must be below one another as the program was, and never below those of another.

const { EventEmitter, once } = require('node:events');
const http = require('node:http');
const { promisify } = require('node:util');
const zlib = require('node:zlib');
const { setTimeout: delay } = require('node:timers/promises');
const { context, propagation, trace } = require('@opentelemetry/api');
const { ID, instrument } = require('./opentelemetry/instrumentation.js');
const {
  Barrier,
  CONNECTIONS,
  REQUEST_ID,
  WAVES,
  close,
  countdown,
  drive,
  listen,
} = require('../helpers/load.js');
const { Observations } = require('../helpers/observations.js');

const { tracer, exporter } = instrument();
const observations = new Observations({
  span: () => trace.getActiveSpan()?.attributes[ID],
  baggage: () => propagation.getActiveBaggage()?.getEntry('id')?.value,
});
const barrier = new Barrier();
const together = new Barrier();
const shared = new EventEmitter().setMaxListeners(0);
const pending = [];

// By name of a span, that of the span below which it has to be.
const PARENTS = {
  'server': 'client',
  'handler': 'server',
  'after await': 'handler',
  'after await of a timer': 'after await',
  'setTimeout()': 'handler',
  'setImmediate()': 'handler',
  'process.nextTick()': 'handler',
  'queueMicrotask()': 'handler',
  'callback of zlib': 'handler',
  'for await': 'handler',
  "req.on('end') of the server": 'server',
  "res.on('finish') of the server": 'server',
  "res.on('end') of the client": 'handler',
  'bound function that another request calls': 'handler',
  'bound emitter that another request uses': 'handler',
  'listener of a shared emitter': 'handler',
};

function inSpan(name, id, callback = () => {}) {
  return tracer.startActiveSpan(name, { attributes: { [ID]: id } }, (span) => {
    observations.see(`in the span '${name}'`, id);
    const result = callback();
    if (typeof result?.then !== 'function') return void span.end();
    return result.finally(() => span.end());
  });
}

const second = http.createServer((req, res) => {
  setImmediate(() => {
    observations.see('second server', req.headers[REQUEST_ID]);
    res.end('from the second server');
  });
});

async function callbacks(id) {
  const done = (name, resolve) => () => {
    inSpan(name, id);
    resolve();
  };
  await Promise.all([
    new Promise((resolve) => setTimeout(done('setTimeout()', resolve), 1)),
    new Promise((resolve) => setImmediate(done('setImmediate()', resolve))),
    new Promise((resolve) => process.nextTick(done('process.nextTick()', resolve))),
    new Promise((resolve) => queueMicrotask(done('queueMicrotask()', resolve))),
    new Promise((resolve) => zlib.gzip(id, done('callback of zlib', resolve))),
  ]);
}

// Functions of all requests: the last request calls the functions of every request.
async function calledByAnother(id) {
  const emitter = context.bind(context.active(), new EventEmitter());
  emitter.on('event', () => inSpan('bound emitter that another request uses', id));
  shared.once(
    'event',
    context.bind(context.active(), () => inSpan('listener of a shared emitter', id)),
  );
  pending.push(
    emitter,
    context.bind(context.active(), () => inSpan('bound function that another request calls', id)),
  );
  const all = together.arrive();
  if (pending.length === 2 * CONNECTIONS) {
    for (const target of pending.splice(0)) {
      if (typeof target === 'function') target();
      else target.emit('event');
    }
    shared.emit('event');
  }
  await all;
  observations.see('after await of what another request resolves', id);
}

async function callSecond(id, port) {
  const req = http.request({ port, host: '127.0.0.1', headers: { [REQUEST_ID]: id } });
  req.end();
  const [res] = await once(req, 'response');
  res.on('end', () => inSpan("res.on('end') of the client", id));
  for await (const chunk of res) {
    await inSpan('for await', id, () => promisify(zlib.deflate)(chunk));
  }
}

async function handle(req, res, port) {
  const id = req.headers[REQUEST_ID];
  req.on('end', () => inSpan("req.on('end') of the server", id)).resume();
  res.on('finish', () => inSpan("res.on('finish') of the server", id));
  await inSpan('handler', id, async () => {
    await barrier.arrive();
    await inSpan('after await', id, async () => {
      await delay(1);
      inSpan('after await of a timer', id);
    });
    await callbacks(id);
    await calledByAnother(id);
    await callSecond(id, port);
  });
  observations.see('handler, after its span', id);
  res.end(trace.getActiveSpan().attributes[ID]);
}

function reportParents(spans) {
  const byId = new Map(spans.map((span) => [span.spanContext().spanId, span]));
  const counts = new Map();
  for (const span of spans) {
    const parent = byId.get(span.parentSpanContext?.spanId);
    const related =
      parent !== undefined &&
      parent.attributes[ID] === span.attributes[ID] &&
      parent.spanContext().traceId === span.spanContext().traceId;
    const wanted = PARENTS[span.name];
    // A request of the client is below the handler, or below nothing if it is the first.
    const right =
      span.name === 'client'
        ? parent === undefined || parent.name === 'handler'
        : parent?.name === wanted;
    const point = `${span.name}, below ${wanted ?? 'nothing or handler'}`;
    const count = counts.get(point) ?? { total: 0, right: 0 };
    count.total++;
    if (right && (related || parent === undefined)) count.right++;
    counts.set(point, count);
  }
  for (const point of [...counts.keys()].sort()) {
    const { right, total } = counts.get(point);
    console.log(`${point}: ${right} of ${total}`);
  }
  console.log(`traces: ${new Set(spans.map((span) => span.spanContext().traceId)).size}`);
}

async function main() {
  const portOfSecond = await listen(second);
  const first = http.createServer((req, res) => handle(req, res, portOfSecond));
  const finished = countdown(first, 'answered', WAVES * CONNECTIONS);
  first.prependListener('request', (req, res) => res.on('close', () => first.emit('answered')));
  const port = await listen(first);
  const responses = await drive(port, (id) => ({
    method: 'POST',
    path: '/',
    headers: { baggage: `id=${id}` },
    body: ['some ', 'bytes'],
  }));
  await finished;
  http.globalAgent.destroy();
  await Promise.all([close(first), close(second)]);
  const own = responses.filter(({ id, text }) => text === id).length;
  console.log(`responses with the client's id: ${own} of ${responses.length}`);
  console.log(`active outside of requests: ${trace.getActiveSpan()}`);
  reportParents(exporter.getFinishedSpans());
  observations.print();
}

main();
