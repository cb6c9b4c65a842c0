'use strict';

// OpenTelemetry's context in other threads, with `async-hooks-rs/opentelemetry`: each request of a
// client goes over a server to a Worker and to a WorkerPool, and from each to a second server. Node's own tracing of
// requests makes the spans between. All spans of a request are one trace, each below the span that
// was active where it was asked for, and baggage goes with them.

const { endedSpans, idOf, inSpan } = require('./opentelemetry-threads/tracing.js');
const { openTelemetry } = require('./opentelemetry-threads/carrier.js');
const { once } = require('node:events');
const http = require('node:http');
const path = require('node:path');
const { Worker } = require('node:worker_threads');
const { carry } = require('../../../contexts.js');
const { WorkerPool } = require('../../../index.js');
const { CONNECTIONS, REQUEST_ID, WAVES, close, drive, listen } = require('../helpers/load.js');
const { Observations } = require('../helpers/observations.js');
const { reportParents } = require('../helpers/parents.js');

const file = (name) => path.join(__dirname, 'opentelemetry-threads', name);
const observations = new Observations({ baggage: idOf });

// By name of a span, that of the span below which it has to be.
const PARENTS = {
  'server of /': ['client in main'],
  'handler': ['server of /'],
  'in a worker': ['handler'],
  'in a worker, after an await': ['in a worker'],
  'client in worker': ['in a worker'],
  'server of /worker': ['client in worker'],
  'answer of a worker': ['handler'],
  'in a pool': ['handler'],
  'in a pool, after an await': ['in a pool'],
  'client in pool': ['in a pool'],
  'server of /pool': ['client in pool'],
};

const second = http.createServer((req, res) => {
  observations.see('second server', req.headers[REQUEST_ID]);
  res.end(idOf());
});

/** Asks a Worker, over a port that all requests share. */
class Client {
  #worker;
  #waiting = new Map();

  constructor(file) {
    this.#worker = new Worker(file);
    carry(this.#worker, { contexts: [openTelemetry] });
    this.#worker.on('message', ({ id, text }) => {
      if (id === undefined) return;
      observations.see('answer of a worker', id);
      inSpan('answer of a worker');
      this.#waiting.get(id)(text);
    });
  }

  ask(id, port) {
    this.#worker.postMessage({ id, port });
    return new Promise((resolve) => this.#waiting.set(id, resolve));
  }

  async close() {
    this.#worker.postMessage('end');
    const [{ spans }] = await once(this.#worker, 'message');
    await this.#worker.terminate();
    return spans;
  }
}

async function main() {
  const portOfSecond = await listen(second);
  const client = new Client(file('worker.js'));
  const pool = new WorkerPool(2, file('processor.js'), { contexts: [openTelemetry] });
  const spansOfPool = [];
  const inPool = async (request) => {
    const { text, spans: ended } = await pool.run(request);
    spansOfPool.push(...ended);
    return text;
  };
  const first = http.createServer(async (req, res) => {
    const id = req.headers[REQUEST_ID];
    const texts = await inSpan('handler', () =>
      Promise.all([client.ask(id, portOfSecond), inPool({ id, port: portOfSecond })]),
    );
    observations.see('handler, after its span', id);
    res.end(texts.every((text) => text === id) ? id : `${texts}`);
  });
  const port = await listen(first);
  const responses = await drive(port, (id) => ({ path: '/', headers: { baggage: `id=${id}` } }));
  const own = responses.filter(({ id, text }) => text === id).length;
  console.log(`responses with the client's id: ${own} of ${WAVES * CONNECTIONS}`);
  const spans = [...(await client.close()), ...spansOfPool];
  await pool.close();
  await Promise.all([close(first), close(second)]);
  reportParents([...endedSpans('main'), ...spans], PARENTS);
  observations.print();
}

main();
