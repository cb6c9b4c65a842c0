'use strict';

// The table "Frameworks and clients" of docs/compatibility.md, as `async-hooks-rs trace` sees it: by
// program, the lines of code where it finds the loss, for certain or perhaps, or why it does not.
// A line is that where the function was made, in the program or in the package that it uses.

/**
 * @typedef {object} Row
 * @property {string} client  a program in clients/
 * @property {string} where  as in the table
 * @property {number[]} [node]  the versions on which context is lost there, if not on all
 * @property {string[]} [certain]  parts of the lines of certain findings
 * @property {string[]} [sometimes]  the same where the loss itself depends on how messages meet
 * @property {string[]} [possible]  those of possible findings
 * @property {string} [why]  it is unseen, or only possible
 */

// With Node's own class, which the programs have here, a store belongs to a frame.
const WITH_FRAMES = [24, 26];

/** @type {Row[]} */
const rows = [
  {
    client: 'express',
    where: "listeners of `'data'`, `'end'`, `'error'`",
    certain: ["req.once('data', () => see(", "req.on('end', () => {", "req.on('error', () => see("],
  },
  {
    client: 'express',
    where: "`res.on('finish')` of what listeners send",
    why: 'nearly all calls of the same listener are in their own context',
  },
  {
    client: 'express',
    where: 'listeners of an EventEmitterAsyncResource that requests share',
    why: 'the emitter enters its own scope on purpose, which is trusted',
  },
  {
    client: 'express',
    where: 'a request that arrives in the store of another (`enterWith()`, Node 20 and 22)',
    why: 'no function of the other request runs',
  },
  {
    client: 'fastify',
    where: "storages entered in hooks after the plugin's",
    node: WITH_FRAMES,
    certain: ['function handleResolve () {'],
  },
  {
    client: 'fastify-run',
    where: 'the same, requests without a body',
    node: WITH_FRAMES,
    possible: ['const seen = read();'],
    why: 'the plugin runs the rest of the request in its own scope on purpose, which is trusted',
  },
  {
    client: 'fastify',
    where: "content type parsers with `parseAs`; `'data'` and `'end'` in a parser of a stream",
    certain: [
      'function onEnd (err) {',
      "payload.once('data', () => see(",
      "payload.on('end', () => {",
    ],
  },
  { client: 'fastify', where: 'hook `onRequestAbort`', why: 'the hook was made at the start' },
  {
    client: 'koa',
    where: "the body that is a stream, `ctx.res.on('finish')`, events of `ctx.req` and `ctx.res`",
    certain: [
      'async function* () {',
      "source.on('end', () => this.#see(",
      "ctx.res.on('finish', () => this.#see(",
      "ctx.req.once('data', () => this.#see(",
      "ctx.req.on('end', () => this.#see(",
      "ctx.res.on('close', () => this.#see(",
    ],
  },
  { client: 'koa', where: "`app.on('error')`", why: 'the listener was made at the start' },
  {
    client: 'hono',
    where: "`onAbort()` of a stream; `'end'` of `c.env.incoming`",
    certain: ['cancel: () => {', "incoming.on('end', () => see("],
  },
  {
    client: 'nestjs',
    where: "the stream of a StreamableFile, `'finish'` of the response",
    certain: ["req.res.on('finish', () => see(", '(async function* () {'],
  },
  {
    client: 'nestjs',
    where: 'guards, filters of errors',
    possible: ['const getProvider = () => this.clsService.get()'],
    why: 'they were made at the start',
  },
  {
    client: 'cls-rtracer',
    where: 'storages entered after it, in events of request and response',
    possible: ['const seen = read();'],
    why: 'it binds the listeners to its own scope on purpose, which is trusted',
  },
  {
    client: 'pg',
    where: "callbacks of queries and of `pool.connect()`; `'row'`, `'end'`, `'notice'`",
    certain: [
      "pool.query('SELECT $1::text AS id', [id], (error,",
      'pool.connect((error, client, release) => {',
      "client.query('SELECT 1', () => {",
      "query.on('row', (row) => see(",
      "query.on('end', () => see(",
      "client.once('notice', ({ message }) => see(",
    ],
  },
  { client: 'pg', where: "`'notification'`", certain: ['({ payload }) => {'] },
  {
    client: 'ioredis',
    where: "`'message'` of a subscriber",
    certain: ['const listen = (point) => (from, message) => {'],
  },
  {
    client: 'bullmq',
    where: 'job handlers; events of workers and queues; the next job after `enterWith()`',
    possible: ['const seen = read();'],
    why: 'handlers and listeners were made at the start',
  },
  {
    client: 'dataloader',
    where: 'batch function of a loader that requests share',
    why: 'the batch function was made at the start (possible where its reads are never lost for certain)',
  },
  { client: 'p-queue', where: 'tasks that had to wait', certain: ['const run = async () => {'] },
  {
    client: 'p-queue',
    where: 'events',
    possible: ["queue.on('active', () => see("],
    why: 'the listener belongs to one request, the queue to all',
  },
  {
    client: 'ws',
    where: 'events of the server, callbacks of `send()`',
    certain: [
      "socket.on('message', (data) => {",
      "socket.on('ping', () => see(",
      "socket.on('close', () => see(",
    ],
  },
  {
    client: 'ws',
    where: 'events of a client that requests share',
    certain: ['const listen = (point) => (data) => String(data)'],
  },
  {
    client: 'ws',
    where: 'compression, when messages wait for others',
    sometimes: ['zlibLimiter.add((done) => {'],
  },
  {
    client: 'undici',
    where: "handlers of `dispatch()`, bodies, `write()`, `'data'` of `pipeline()`",
    certain: [
      'async function* generate() {',
      "onRequestStart: () => see('onRequestStart()'",
      "onResponseStart: () => see('onResponseStart()'",
      "onResponseData: () => see('onResponseData()'",
      'write(chunk, encoding, callback) {',
      "duplex.on('data', () => see(",
    ],
  },
  {
    client: 'pino',
    where: "`req.on('end')`, and `req.on('data')`, which is only possible",
    certain: ["req.on('end', () => log.info("],
  },
];

/** Programs that lose no context: nothing certain may be said of them. */
const healthy = ['fetch', 'graphql', 'knex', 'opentelemetry', 'p-limit'];

/** @param {Row} row */
function verdict({ certain = [], sometimes = [], possible = [] }) {
  if (certain.length + sometimes.length > 0) return 'found';
  return possible.length > 0 ? 'possible' : 'unseen';
}

/** The rows as they stand in the documentation. */
function table() {
  return [
    '| program | where | what the finder says |',
    '|---|---|---|',
    ...rows.map((row) => {
      const because = row.why === undefined ? '' : `: ${row.why}`;
      return `| \`${row.client}\` | ${row.where} | ${verdict(row)}${because} |`;
    }),
  ].join('\n');
}

module.exports = { healthy, rows, table, verdict };
