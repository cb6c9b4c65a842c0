'use strict';

// `async-hooks-rs work`: serves a queue until it is told to stop.

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { URL, pathToFileURL } = require('node:url');
const { checkContexts } = require('../contexts/index.js');
const { MAX_TASKS_PER_WORKER, MAX_THREADS, MAX_TIMEOUT } = require('../pool/options.js');
const { PATIENCE, within } = require('../queue/connections.js');
const { isQueueName, isRedisUrl } = require('../queue/options.js');
const { QueueServer } = require('../queue/server.js');
const { Rates } = require('./rates.js');
const { Reporter } = require('./reporter.js');
const { UsageError, integer, readArguments } = require('./usage.js');

const DEFAULT_REDIS = 'redis://127.0.0.1:6379';
const DEFAULT_PREFIX = 'bull';
const DEFAULT_LOCK = 30_000; // ms; BullMQ's
const STALLED = 1; // BullMQ's
const MAX_CONCURRENCY = 65_536;
const MIN_LOCK = 100; // ms: it is renewed at half of it

const HELP = `Usage: async-hooks-rs work <queue> <processor> [options]

Runs the tasks of a queue of BullMQ in a WorkerPool of this process, for programs that submit them
with QueuePool of async-hooks-rs/bullmq. Any number of servers, on any number of machines, may serve
a queue. The processor is a file, as for WorkerPool.

Options:
  --redis <url>         Redis (default: ${DEFAULT_REDIS})
  --threads <n>         the number of threads (default: that of the processors)
  --tasks-per-worker <n>
                        how many tasks a thread runs at once, for functions that wait (default: 1)
  --abort-grace <ms>    the time that a task has to end by itself when it is cancelled or times out;
                        then its thread is stopped (default: 0)
  --contexts <module>   the file that exports the contexts of the tasks: an array, as its default
                        export or as 'contexts', as the option 'contexts' of QueuePool
  --name <export>       the export of the processor file that is called (default: its default)
  --concurrency <n>     how many tasks it has at once, running and next (default: twice as many as
                        may run)
  --prefix <text>       the first part of Redis' keys (default: ${DEFAULT_PREFIX})
  --lock <ms>           the time after which the tasks of a server that fell silent run elsewhere
                        (default: ${DEFAULT_LOCK})
  --max-stalled <n>     how often that may happen to a task before it fails (default: ${STALLED})
  --json                writes what it says as JSON, one object a line
  -h, --help            shows this text

It says on standard error what it does, with the rates of each second in which a task ended.
SIGTERM or SIGINT stops it: it takes no more tasks, and ends when those that it has are done. A
second signal gives these back to the queue.

Exit codes: 0 it was stopped; 1 it has failed; 2 the arguments are wrong.
`;

const string = { type: /** @type {const} */ ('string') };
const OPTIONS = {
  'redis': string,
  'threads': string,
  'tasks-per-worker': string,
  'abort-grace': string,
  'contexts': string,
  'name': string,
  'concurrency': string,
  'prefix': string,
  'lock': string,
  'max-stalled': string,
  'json': { type: /** @type {const} */ ('boolean') },
};

const STOP_SIGNALS = /** @type {const} */ (['SIGTERM', 'SIGINT']);

// How a server ends.
const STOPPED = 'stopped';
const GAVE_BACK = 'gave back';
const FAILED = 'failed';

/**
 * Serves the queue, and ends the process.
 *
 * @param {string[]} args
 * @returns {Promise<never>}
 */
async function run(args) {
  const { settings, contexts, json } = read(args);
  const reporter = new Reporter(json);
  const list = contexts === undefined ? [] : await loadContexts(contexts);
  const connection = new ConnectionReports(reporter);
  /** @type {(error: Error) => void} */
  let fail = () => {};
  const failed = new Promise((/** @type {(end: string) => void} */ resolve) => {
    fail = (error) => {
      reporter.fail('fatal', 'no task can be run here', error);
      resolve(FAILED);
    };
  });
  const server = new QueueServer(
    { ...settings, contexts: checked(list), poolContexts: list },
    {
      connection: (error) => connection.failed(error),
      pool: (error) => reporter.fail('error', 'a thread has failed', error),
      fatal: (error) => fail(error),
    },
  );
  server.ready().then(() => sayReady(reporter, settings), fail);
  const rates = new Rates(server, reporter, () => connection.works());
  const end = await Promise.race([failed, told(server, reporter)]);
  rates.stop();
  if (end !== STOPPED) await within(PATIENCE, server.abandon());
  const { completed, failed: count } = server;
  const text = `stopped: ${completed} done, ${count} failed`;
  reporter.say('stopped', text, { completed, failed: count });
  // Connections to a Redis that is away would keep it alive.
  return process.exit(end === STOPPED ? 0 : 1);
}

/** @param {string[]} args */
function read(args) {
  const { values, positionals } = readArguments(args, ['queue', 'processor'], OPTIONS);
  const [name, processor] = positionals;
  if (!isQueueName(name)) throw new UsageError(`<queue> must be a name without a colon`);
  const { redis = DEFAULT_REDIS, prefix = DEFAULT_PREFIX, contexts, json = false } = values;
  if (!isRedisUrl(redis)) throw new UsageError('--redis must be a redis: or rediss: URL');
  const threads = integer('threads', values.threads, 1, MAX_THREADS) ?? os.availableParallelism();
  return {
    json,
    contexts: contexts === undefined ? undefined : file('--contexts', contexts),
    settings: {
      name,
      processor: file('<processor>', processor),
      exportName: values.name,
      connection: { url: redis },
      redis,
      prefix,
      threads,
      tasksPerWorker:
        integer('tasks-per-worker', values['tasks-per-worker'], 1, MAX_TASKS_PER_WORKER) ?? 1,
      abortGrace: integer('abort-grace', values['abort-grace'], 0, MAX_TIMEOUT) ?? 0,
      concurrency: integer('concurrency', values.concurrency, 1, MAX_CONCURRENCY),
      lockDuration: integer('lock', values.lock, MIN_LOCK, MAX_TIMEOUT) ?? DEFAULT_LOCK,
      maxStalled: integer('max-stalled', values['max-stalled'], 0, 1e6) ?? STALLED,
    },
  };
}

/**
 * @param {string} label
 * @param {string} name
 */
function file(label, name) {
  const found = path.resolve(name);
  if (!fs.existsSync(found)) throw new UsageError(`${label}: there is no file '${name}'`);
  return found;
}

/** @param {string} place */
async function loadContexts(place) {
  const { contexts, default: main } = await import(pathToFileURL(place).href);
  const list = contexts ?? (Array.isArray(main) ? main : main?.contexts);
  if (Array.isArray(list)) return list;
  throw new UsageError(
    "--contexts: the file must export an array, as its default export or as 'contexts'",
  );
}

/** @param {unknown[]} list */
function checked(list) {
  try {
    return checkContexts('contexts', list);
  } catch (error) {
    throw new UsageError(`--contexts: ${/** @type {Error} */ (error).message}`);
  }
}

/**
 * @param {Reporter} reporter
 * @param {ReturnType<typeof read>['settings']} settings
 */
function sayReady(reporter, { name, redis, threads }) {
  const { host } = new URL(redis); // not the password
  reporter.say('ready', `serving '${name}' of ${host} with ${threads} threads`, {
    queue: name,
    redis: host,
    threads,
    pid: process.pid,
  });
}

/**
 * How the server ended when it was told to.
 *
 * @param {QueueServer} server
 * @param {Reporter} reporter
 */
function told(server, reporter) {
  return new Promise((/** @type {(end: string) => void} */ resolve, reject) => {
    const stopped = () => resolve(STOPPED);
    const first = (/** @type {string} */ signal) => {
      const { taken } = server;
      const text = `${signal}: waiting for ${taken} tasks; once more gives them back`;
      reporter.say('stopping', text, { signal, tasks: taken });
      const ended = server.stop();
      (taken === 0 ? within(PATIENCE, ended) : ended).then(stopped, reject);
    };
    const second = (/** @type {string} */ signal) => {
      reporter.say('abandoning', `${signal}: giving the tasks back`, { signal });
      server.abandon();
      resolve(GAVE_BACK);
    };
    const acts = [first, second];
    for (const signal of STOP_SIGNALS) process.on(signal, () => acts.shift()?.(signal));
  });
}

/** Says once that Redis is away, and once that it is back. */
class ConnectionReports {
  #reporter;
  #said = '';

  /** @param {Reporter} reporter */
  constructor(reporter) {
    this.#reporter = reporter;
  }

  /** @param {Error} error */
  failed(error) {
    const { message } = error;
    if (message === this.#said) return;
    this.#said = message;
    this.#reporter.fail('redis', 'Redis, which is tried again', error);
  }

  works() {
    this.#said = '';
  }
}

module.exports = { HELP, run };
