'use strict';

// pino in an HTTP server: the ids that mixin() adds to each line, compared with that which the line
// itself is given. Lines go through a stream, a worker thread, and a buffer that is flushed later.

const { AsyncLocalStorage, AsyncResource } = require('node:async_hooks');
const { once } = require('node:events');
const fs = require('node:fs');
const http = require('node:http');
const os = require('node:os');
const { basename, join } = require('node:path');
const { Writable } = require('node:stream');
const { setTimeout: delay } = require('node:timers/promises');
const pino = require('pino');
const { Observations } = require('../helpers/observations.js');
const { Barrier, REQUEST_ID, close, drive, listen } = require('../helpers/load.js');

const request = new AsyncLocalStorage();
const trace = new AsyncLocalStorage();
const all = new Barrier();

// What the storages held when a line was made.
let line;
const observations = new Observations(
  { run: () => line.run, enterWith: () => line.trace },
  { perRequest: true },
);
function seeLine(text, destination) {
  line = JSON.parse(text);
  observations.see(`${destination}: ${line.msg}`, line.id);
}

const stores = () => ({ run: request.getStore()?.id, trace: trace.getStore() });
const options = { base: null, timestamp: false, mixin: stores };

function collect(destination) {
  return new Writable({
    write(chunk, encoding, callback) {
      seeLine(chunk, destination);
      callback();
    },
  });
}

function startServer(logger) {
  return http.createServer((req, res) => {
    const id = req.headers[REQUEST_ID];
    logger.info({ id }, 'on arrival');
    request.run({ id, log: logger.child({ id }) }, () => {
      trace.enterWith(id);
      handle(req, res, logger, id).catch((error) => {
        logger.error({ id, error }, 'catch() of the handler');
        res.writeHead(500).end();
      });
    });
  });
}

async function handle(req, res, logger, id) {
  const { log } = request.getStore();
  log.info('child logger');
  log.child({ part: 'inner' }).info('child of a child logger');
  req.on('data', () => log.info("req.on('data')"));
  req.on('end', () => log.info("req.on('end')"));
  res.on('finish', () => log.info("res.on('finish')"));
  res.on(
    'finish',
    AsyncResource.bind(() => log.info("res.on('finish'), bound")),
  );
  res.on(
    'close',
    AsyncResource.bind(() => log.info("res.on('close'), bound")),
  );
  await new Promise((resolve) => req.on('end', resolve));
  log.info("after await of 'end'");
  await all.arrive();
  request.getStore().log.info('logger that the storage holds, after await');
  await delay(1);
  logger.info({ id }, 'logger of the program, after a timer');
  process.nextTick(() => log.warn('process.nextTick()'));
  await new Promise((resolve) => {
    setImmediate(() => {
      log.warn('setImmediate()');
      resolve();
    });
  });
  if (req.url === '/fail') throw new Error('failed');
  res.end();
}

async function serve(logger) {
  const server = startServer(logger);
  const port = await listen(server);
  for (const path of ['/', '/fail']) {
    await drive(port, () => ({ method: 'POST', path, body: ['some', 'more'] }));
  }
  await close(server);
}

// A file that is written by a worker thread, and one that is written when a buffer is full.
async function writeFiles(folder) {
  const threaded = join(folder, 'threaded');
  const transport = pino.transport({ target: 'pino/file', options: { destination: threaded } });
  await once(transport, 'ready');
  await serve(pino(options, transport));
  transport.ref(); // A transport alone does not keep the program alive.
  transport.end();
  await once(transport, 'close');

  const buffered = join(folder, 'buffered');
  const destination = pino.destination({ dest: buffered, sync: false, minLength: 4096 });
  await serve(pino(options, destination));
  destination.end();
  await once(destination, 'close');

  for (const file of [threaded, buffered]) {
    const lines = fs.readFileSync(file, 'utf8').trim().split('\n');
    for (const text of lines) seeLine(text, basename(file));
  }
}

async function main() {
  await serve(pino(options, collect('stream')));
  const hooks = {
    logMethod(args, method) {
      const [fields, message] = typeof args[0] === 'string' ? [{}, ...args] : args;
      method.call(this, { ...fields, ...stores() }, message);
    },
  };
  await serve(pino({ ...options, mixin: undefined, hooks }, collect('logMethod()')));
  const streams = [{ stream: collect('one of two') }, { stream: collect('other of two') }];
  await serve(pino(options, pino.multistream(streams)));
  const folder = fs.mkdtempSync(join(os.tmpdir(), 'async-hooks-rs-pino-'));
  try {
    await writeFiles(folder);
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
  observations.print();
}

main();
