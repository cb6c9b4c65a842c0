'use strict';

// The serving side: takes jobs of a queue and runs their tasks in a worker pool. One of the states
//
//   SERVING -> STOPPING -> STOPPED            takes no more jobs, and waits for those it has
//      |          |
//      +----------+-> ABANDONING -> ABANDONED  gives back those it has
//
// A task that was taken runs to its end or goes back to the queue. If this process is killed, other
// servers take its tasks when their locks have run out.

const { enterAll } = require('../contexts/index.js');
const contextErrors = require('../errors/contexts.js');
const poolErrors = require('../errors/pool.js');
const { WorkerPool } = require('../worker-pool.js');
const { requireBullmq } = require('./bullmq.js');
const { Cancellations } = require('./cancellations.js');
const { readTask, writeError, writeResult } = require('./jobs.js');

const SERVING = 'serving';
const STOPPING = 'stopping';
const ABANDONING = 'abandoning';
const STOPPED = 'stopped';
const ABANDONED = 'abandoned';

// By these names of errors BullMQ knows what to do with a job.
const NO_RETRY = 'UnrecoverableError';
const GIVEN_BACK = 'WaitingError';

// The pool's own reasons, which say nothing of the task: another server may run it.
const NOT_OF_THE_TASK = new Set(
  /** @type {unknown[]} */ ([poolErrors.codes.CLOSED, poolErrors.codes.WORKER_START]),
);

// How many jobs are taken for each task that may run: what the next task of a thread is, it knows
// when the last one ends, and not a round trip to Redis later.
const AHEAD = 2;

/**
 * @typedef {typeof SERVING | typeof STOPPING | typeof STOPPED | typeof ABANDONING |
 *   typeof ABANDONED} State
 *
 * @typedef {object} ServerSettings
 * @property {string} name  of the queue
 * @property {string} processor  the path of the file
 * @property {string | undefined} exportName
 * @property {object} connection
 * @property {string} prefix
 * @property {number} threads
 * @property {number} tasksPerWorker  how many tasks run in a thread at once
 * @property {number} abortGrace  how long an aborted task may go on, in milliseconds
 * @property {number | undefined} concurrency  how many jobs it has at once
 * @property {import('../contexts/context.js').Context[]} contexts
 * @property {unknown[]} poolContexts  the same, as the worker pool takes them
 * @property {number} lockDuration  after which the tasks of a silent server run elsewhere
 * @property {number} maxStalled  how often that may happen to a task
 *
 * @typedef {object} Reports
 * @property {(error: Error) => void} connection  Redis is away, or so
 * @property {(error: Error) => void} pool  a failure that belongs to no task
 * @property {(error: Error) => void} fatal  no task can be run here
 */

class QueueServer {
  #settings;
  #reports;
  #pool;
  #worker;
  #cancellations;
  /** @type {State} */
  #state = SERVING;
  /** @type {Map<string, AbortController>} */
  #running = new Map();
  /** @type {Promise<void> | undefined} */
  #ending;

  completed = 0;
  failed = 0;

  /**
   * @param {ServerSettings} settings
   * @param {Reports} reports
   */
  constructor(settings, reports) {
    const bullmq = requireBullmq();
    const { name, connection, prefix, threads, processor, exportName, lockDuration } = settings;
    const { tasksPerWorker, abortGrace } = settings;
    this.#settings = settings;
    this.#reports = reports;
    this.#pool = new WorkerPool(threads, processor, {
      name: exportName,
      contexts: settings.poolContexts,
      tasksPerWorker,
      abortGrace,
    });
    this.#pool.on('error', reports.pool);
    this.#cancellations = new Cancellations(bullmq, settings, {
      cancelled: (id) => this.#running.get(id)?.abort(),
      error: reports.connection,
    });
    this.#worker = new bullmq.Worker(name, (/** @type {any} */ job) => this.#process(job), {
      connection,
      prefix,
      concurrency: settings.concurrency ?? threads * tasksPerWorker * AHEAD,
      lockDuration,
      stalledInterval: lockDuration,
      maxStalledCount: settings.maxStalled,
    });
    this.#worker.on('error', reports.connection);
    this.#worker.on('completed', () => this.completed++);
    this.#worker.on('failed', () => this.failed++);
  }

  /** Of the tasks it has, how many run; the others wait for a thread. */
  get running() {
    return this.#pool.running;
  }

  /** How many tasks it has. */
  get taken() {
    return this.#running.size;
  }

  /** Whether it gives, or gave, its tasks back. */
  get isAbandoned() {
    return this.#state === ABANDONING || this.#state === ABANDONED;
  }

  /** Fulfilled when it can take tasks; rejected if Redis is none that BullMQ can use. */
  ready() {
    return this.#worker.waitUntilReady();
  }

  /** Takes no more tasks; fulfilled when those that it has are done and told. */
  stop() {
    if (this.#state === SERVING) {
      this.#state = STOPPING;
      this.#ending = this.#end();
    }
    return /** @type {Promise<void>} */ (this.#ending);
  }

  /** Stops its threads, and gives the tasks that it has back to the queue. */
  abandon() {
    if (this.#state === SERVING || this.#state === STOPPING) {
      this.#state = ABANDONING;
      this.#pool.close(); // the tasks fail, and go back
      this.#ending ??= this.#end();
    }
    return /** @type {Promise<void>} */ (this.#ending);
  }

  async #end() {
    await this.#worker.close();
    await this.#cancellations.close();
    await this.#pool.close();
    this.#state = this.isAbandoned ? ABANDONED : STOPPED;
  }

  /** @param {any} job  BullMQ's */
  async #process(job) {
    const { id } = job;
    if (this.#cancellations.has(id)) throw writeError(poolErrors.aborted(undefined), NO_RETRY);
    const controller = new AbortController();
    this.#running.set(id, controller);
    try {
      return await this.#run(job, controller.signal);
    } finally {
      this.#running.delete(id);
    }
  }

  /**
   * @param {any} job
   * @param {AbortSignal} signal
   */
  async #run(job, signal) {
    let taskData;
    try {
      taskData = readTask(job.data);
    } catch (error) {
      throw writeError(error, NO_RETRY);
    }
    const { task, contexts, timeout } = taskData;
    try {
      const attempt = job.attemptsStarted;
      const run = () => this.#pool.run(task, { timeout, signal, attempt });
      return writeResult(await this.#enter(contexts, run));
    } catch (error) {
      await this.#giveBack(job, /** @type {any} */ (error));
      throw writeError(error, signal.aborted ? NO_RETRY : undefined);
    }
  }

  /**
   * Calls `fn` in the contexts that came with the task, in their order.
   *
   * @param {[string, unknown][] | undefined} sent
   * @param {() => Promise<unknown>} fn
   */
  #enter(sent, fn) {
    if (sent === undefined) return fn();
    const contexts = sent.map(([name]) => {
      const found = this.#settings.contexts.find((context) => context.name === name);
      if (found !== undefined) return found;
      throw contextErrors.unknownContext(name, `'${name}' among the contexts of this server`);
    });
    return enterAll(
      contexts,
      sent.map(([, value]) => value),
      fn,
    );
  }

  /**
   * If the failure is none of the task's, throws what BullMQ takes for "it waits again".
   *
   * @param {any} job
   * @param {{ code?: unknown }} error
   */
  async #giveBack(job, error) {
    if (!(error instanceof Error) || !NOT_OF_THE_TASK.has(error.code)) return;
    // A processor may throw errors of a pool of its own: then this pool goes on.
    const cannotStart = error.code === poolErrors.codes.WORKER_START;
    if (!cannotStart && this.#state === SERVING) return;
    if (cannotStart) this.#reports.fatal(error);
    await job.moveToWait(job.token);
    const moved = new Error('The task waits again');
    moved.name = GIVEN_BACK;
    throw moved;
  }
}

module.exports = { QueueServer };
