'use strict';

// OpenTelemetry without a line of it in the program, as docs/guides/agents.md says: a service that
// is started with its automatic instrumentation, of Express, ioredis, fetch() and node:http. Each
// request has a task run in a WorkerPool, and one by a server of a QueuePool, and both call a second
// server. This process is the client and the collector to which all of them send their spans: those
// of a request are one trace, each below the span that was active where it began.

const { spawn } = require('node:child_process');
const { once } = require('node:events');
const http = require('node:http');
const path = require('node:path');
const { CONNECTIONS, WAVES, close, drive, listen } = require('../helpers/load.js');
const { reportParents } = require('../helpers/parents.js');

const SERVICE = path.join(__dirname, 'opentelemetry-auto', 'service.js');
const REQUESTS = WAVES * CONNECTIONS;
// Kinds of spans, in the protocol.
const SERVER = 2;
const CLIENT = 3;

// By name of a span, those of the spans below which it may be. Both the instrumentation of Express
// and that of its router have spans for what the router calls.
const PARENTS = {
  'server of /orders': [],
  'middleware - patched': ['server of /orders', 'server of /pool', 'server of /queue'],
  'request handler': ['middleware - patched'],
  'request handler - /orders': ['request handler'],
  'request handler - /pool,/queue': ['request handler'],
  'set': ['request handler - /orders'],
  'handler': ['request handler - /orders'],
  'get': ['handler'],
  'after the tasks': ['handler'],
  'in a pool': ['handler'],
  'in a pool, after an await': ['in a pool'],
  'fetch of /pool': ['in a pool'],
  'server of /pool': ['fetch of /pool'],
  'in a queue': ['handler'],
  'in a queue, after an await': ['in a queue'],
  'fetch of /queue': ['in a queue'],
  'server of /queue': ['fetch of /queue'],
};
const SPANS = 22; // of a request: three of them are served

/** What collects the spans of all processes and threads. */
class Collector {
  #spans = [];
  #server = http.createServer((req, res) => this.#receive(req, res));
  #arrived;
  #all = new Promise((resolve) => {
    this.#arrived = resolve;
  });

  listen() {
    return listen(this.#server);
  }

  async #receive(req, res) {
    let text = '';
    for await (const part of req.setEncoding('utf8')) text += part;
    for (const { scopeSpans } of JSON.parse(text).resourceSpans) {
      for (const { spans } of scopeSpans) this.#spans.push(...spans.map(readSpan));
    }
    res.setHeader('content-type', 'application/json').end('{}');
    if (this.#spans.length >= REQUESTS * SPANS) this.#arrived();
  }

  /** The spans, when as many have come as there are to be. */
  async all() {
    await this.#all;
    return this.#spans;
  }

  async close() {
    this.#server.closeAllConnections();
    await close(this.#server);
  }
}

function nameOf(name, kind, values) {
  if (kind === SERVER) return `server of ${values['url.path'] ?? values['http.target']}`;
  const fetched = kind === CLIENT ? values['url.full'] : undefined;
  return fetched === undefined ? name : `fetch of ${new URL(fetched).pathname}`;
}

function readSpan({ name, kind, traceId, spanId, parentSpanId, attributes }) {
  const values = Object.fromEntries(attributes.map(({ key, value }) => [key, value.stringValue]));
  const id = values['request.id'];
  return { name: nameOf(name, kind, values), id, traceId, spanId, parentId: parentSpanId };
}

/** The instrumented service, with our classes if this process has them; and its port. */
async function startService(env) {
  // Required preloads come before imported ones, whatever their order on the command line.
  const own = process.execArgv.map((one) => (one === '--require' ? '--import' : one));
  const auto = ['--import', '@opentelemetry/auto-instrumentations-node/register'];
  const child = spawn(process.execPath, [...own, ...auto, SERVICE], {
    cwd: path.resolve(__dirname, '..'), // where the packages are
    env: { ...process.env, ...env },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const ended = once(child, 'exit');
  const [message] = await Promise.race([once(child, 'message'), ended]);
  if (message?.port === undefined) throw new Error(`the service ended with ${message}`);
  const end = async () => {
    child.send('end');
    const [code] = await ended;
    return code;
  };
  return { port: message.port, end };
}

async function main() {
  const collector = new Collector();
  const { port, end } = await startService({
    OTEL_TRACES_EXPORTER: 'otlp',
    OTEL_METRICS_EXPORTER: 'none',
    OTEL_LOGS_EXPORTER: 'none',
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${await collector.listen()}`,
    OTEL_BSP_SCHEDULE_DELAY: '100',
    OTEL_NODE_RESOURCE_DETECTORS: 'none',
    // Theirs are the spans of connections: how many there are is up to the pools of sockets.
    OTEL_NODE_DISABLED_INSTRUMENTATIONS: 'net,dns',
  });
  const responses = await drive(port, () => ({ path: '/orders' }));
  const own = responses.filter(({ id, text }) => text === JSON.stringify([id, id, id])).length;
  console.log(`responses with the client's id, and those of both tasks: ${own} of ${REQUESTS}`);
  reportParents(await collector.all(), PARENTS);
  console.log(`the service has ended with ${await end()}`);
  await collector.close();
}

main();
