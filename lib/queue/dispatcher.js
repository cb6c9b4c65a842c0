'use strict';

// The submitting side of a queue pool: passes tasks to Redis, and what becomes of their jobs to who
// waits for them. What runs where is BullMQ's.

const { randomUUID } = require('node:crypto');
const { captureAll, findNotCloneable } = require('../contexts/index.js');
const { captureStack, lacksStack } = require('../errors/coded.js');
const errors = require('../errors/queue.js');
const { nextTick, now, setTimeout, clearTimeout } = require('../node/clock.js');
const { areTasksObserved } = require('../pool/observation/channels.js');
const { TaskObserver } = require('../pool/observation/observed-task.js');
const { AbortSignals } = require('../pool/tasks/abort-signals.js');
const { Drains } = require('../pool/results/drains.js');
const { requireBullmq } = require('./bullmq.js');
const { JOB_NAME, readError, readResult, writeContexts, writeTask } = require('./jobs.js');
const { Listening } = require('./listening.js');
const { Outstanding, QUEUED } = require('./outstanding.js');
const { Submissions, isAway } = require('./submissions.js');
const { Withdrawals } = require('./withdrawals.js');

/** @typedef {import('./outstanding.js').Entry} Entry */
/** @typedef {import('../pool/results/drains.js').Generation} Generation */
/** @typedef {import('../pool/tasks/task.js').Task} Task */
/** @typedef {ReturnType<typeof import('./options.js').queueTaskOptions>} TaskOptions */

// Events may be dropped from their stream before a pool that was cut off hears them: so it asks
// about tasks of which it has heard nothing for a while.
const ASK_AFTER = 5000; // ms
const ASK_AT_ONCE = 1000;

// BullMQ starts the least number first, and those without a number before all others. All tasks
// have one, so that they compare with those of other programs, too.
const MAX_PRIORITY = 100;

class QueueDispatcher {
  #settings;
  #emit;
  #self = randomUUID();
  #count = 0;
  #untold = 0;
  #outstanding = new Outstanding();
  #drains = new Drains();
  #signals = new AbortSignals((tasks, reason) => this.#abort(tasks, reason));
  #queue;
  #listening;
  #submissions;
  #withdrawals;
  #observer;
  #flush;
  #flushing = false;
  #closed = false;
  /** @type {() => void} */
  #askLater;
  /** @type {any} */
  #asking;

  completed = 0;
  failed = 0;

  /**
   * @param {ReturnType<typeof import('./options.js').queueOptions>} settings
   * @param {import('../pool/base.js').Owner} owner
   */
  constructor(settings, { emit, scope, pool }) {
    const bullmq = requireBullmq();
    this.#settings = settings;
    this.#emit = emit;
    const { name, connection, prefix, submitTimeout } = settings;
    this.#observer = new TaskObserver(pool, name);
    const onError = (/** @type {Error} */ error) => this.#connectionFailed(error);
    this.#queue = scope(() => new bullmq.Queue(name, { connection, prefix }));
    this.#queue.on('error', onError);
    this.#listening = scope(
      () =>
        new Listening(bullmq, settings, this.#self, {
          error: onError,
          active: ({ jobId }) => this.#outstanding.start(jobId),
          waiting: ({ jobId }) => this.#outstanding.wait(jobId),
          delayed: ({ jobId }) => this.#outstanding.wait(jobId),
          completed: ({ jobId, returnvalue }) => this.#completed(jobId, returnvalue),
          failed: ({ jobId, failedReason }) => this.#ask(jobId, failedReason),
          removed: ({ jobId }) => this.#ask(jobId),
        }),
    );
    this.#submissions = new Submissions({
      queue: this.#queue,
      ready: this.#listening.ready,
      timeout: submitTimeout,
      told: {
        isOutstanding: (entry) => this.#outstanding.has(entry),
        confirmed: (entry) => this.#outstanding.confirm(entry),
        late: (entry) => this.#withdrawals.withdraw([entry.id]),
        failed: (entry, error) => {
          // Of one that has moved on, Redis has the job, whatever became of its answer.
          if (entry.state === QUEUED) this.#fail(entry.id, error);
        },
      },
    });
    this.#withdrawals = new Withdrawals(bullmq, settings, this.#queue, onError);
    this.#flush = () => {
      this.#flushing = false;
      scope(() => this.#submissions.send());
    };
    this.#askLater = () => scope(() => this.#startAsking());
  }

  get queueSize() {
    return this.#outstanding.size - this.#outstanding.running;
  }

  get running() {
    return this.#outstanding.running;
  }

  /**
   * Takes a task, which is told how it ends: later, once.
   *
   * @param {unknown} value
   * @param {Task} task
   * @param {TaskOptions} options
   * @param {Function} hidden
   */
  dispatch(value, task, options, hidden) {
    if (!areTasksObserved()) this.#dispatch(value, task, options, hidden);
    else {
      this.#observer.submit(task, options, (observed) =>
        this.#dispatch(value, observed, options, hidden),
      );
    }
  }

  /**
   * @param {unknown} value
   * @param {Task} task
   * @param {TaskOptions} options
   * @param {Function} hidden
   */
  #dispatch(value, task, { signal, timeout, priority }, hidden) {
    const generation = this.#drains.youngest;
    task.generation = generation;
    generation.missing++;
    this.#untold++;
    const id = `${this.#self}-${++this.#count}`;
    let data;
    try {
      this.#check(signal);
      data = writeTask(value, this.#contexts(), timeout);
      this.#check(signal); // a getter of the value may have done it
      if (signal !== undefined) this.#signals.watch(signal, task);
    } catch (error) {
      this.#tellLater(task, captureStack(error, hidden), false);
      return;
    }
    const opts = { ...this.#settings.jobs, jobId: id, priority: 1 + MAX_PRIORITY - priority };
    const size = data.task.length + (data.contexts?.length ?? 0);
    const job = { name: JOB_NAME, data, opts };
    /** @type {Entry} */
    const entry = { id, task, state: QUEUED, since: now(), job, size };
    this.#outstanding.add(entry);
    this.#submissions.push(entry);
    if (this.#asking === undefined) this.#askLater();
    if (this.#flushing) return;
    this.#flushing = true;
    nextTick(this.#flush);
  }

  drain() {
    return this.#drains.wait();
  }

  /**
   * Fails what is outstanding, takes it back, and ends the connections.
   *
   * @param {Function} hidden
   */
  async close(hidden) {
    this.#closed = true;
    clearTimeout(this.#asking);
    const sent = this.#submissions.close();
    const entries = this.#outstanding.all();
    for (const { id } of entries) this.#fail(id, captureStack(errors.closed(), hidden));
    const inRedis = entries.filter(({ state }) => state !== QUEUED).map(({ id }) => id);
    await Promise.all([this.#listening.close(), this.#withdrawals.finish(inRedis, sent)]);
    await this.#drains.wait();
  }

  /** @param {AbortSignal | undefined} signal */
  #check(signal) {
    if (this.#closed) throw errors.closed();
    if (signal?.aborted) throw errors.aborted(signal.reason);
  }

  /** What the task takes along, with names. */
  #contexts() {
    const { contexts } = this.#settings;
    if (contexts.length === 0) return undefined;
    /** @type {unknown[]} */
    const values = [];
    if (!captureAll(contexts, values)) return undefined;
    try {
      return writeContexts(contexts.map(({ name }, i) => [name, values[i]]));
    } catch (error) {
      throw findNotCloneable(contexts, values) ?? error;
    }
  }

  /**
   * @param {Task[]} tasks
   * @param {unknown} reason
   */
  #abort(tasks, reason) {
    /** @type {string[]} */
    const ids = [];
    for (const task of tasks) {
      const entry = this.#outstanding.of(task);
      if (entry === undefined) continue;
      // One that is not confirmed is taken back when it is.
      if (entry.state !== QUEUED) ids.push(entry.id);
      this.#fail(entry.id, errors.aborted(reason));
    }
    this.#withdrawals.withdraw(ids);
  }

  /**
   * @param {string} id
   * @param {unknown} returned
   */
  #completed(id, returned) {
    if (this.#outstanding.get(id) === undefined) return; // another pool's
    let result;
    try {
      result = readResult(returned);
    } catch (error) {
      this.#fail(id, error);
      return;
    }
    const entry = this.#outstanding.take(id);
    if (entry !== undefined) this.#tellLater(entry.task, result, true);
  }

  /**
   * @param {string} id
   * @param {unknown} error
   */
  #fail(id, error) {
    const entry = this.#outstanding.take(id);
    if (entry !== undefined) this.#tellLater(entry.task, error, false);
  }

  /**
   * Asks Redis what became of a job; if Redis is away, later.
   *
   * @param {string} id
   * @param {string} [reason]  of its failure, if that is known
   */
  async #ask(id, reason) {
    if (this.#outstanding.get(id) === undefined) return;
    try {
      const job = await this.#queue.getJob(id);
      const entry = this.#outstanding.get(id);
      if (entry === undefined) return;
      if (job === undefined || job === null) {
        if (reason !== undefined) this.#fail(id, readError(reason, undefined));
        else if (entry.state !== QUEUED) this.#fail(id, errors.lost(id));
      } else if (job.finishedOn !== undefined) {
        // One that was tried again has the reason of the failure before, too.
        if (typeof job.returnvalue === 'string') this.#completed(id, job.returnvalue);
        else this.#fail(id, readError(job.failedReason ?? '', job.stacktrace));
      }
    } catch (error) {
      if (!isAway(error)) this.#fail(id, errors.failed('it cannot be asked for', error));
    }
  }

  #startAsking() {
    if (this.#asking !== undefined || this.#closed) return;
    this.#asking = setTimeout(() => {
      this.#asking = undefined;
      if (this.#outstanding.size === 0 || this.#closed) return;
      const time = now();
      const silent = this.#outstanding.silentSince(time - ASK_AFTER, time, ASK_AT_ONCE);
      for (const { id } of silent) this.#ask(id);
      this.#startAsking();
    }, ASK_AFTER);
    this.#asking.unref();
  }

  /**
   * In a tick of its own: what a callback throws is nobody's but the program's, and no callback
   * runs before the call that caused it has ended.
   *
   * @param {Task} task
   * @param {unknown} outcome
   * @param {boolean} succeeded
   */
  #tellLater(task, outcome, succeeded) {
    this.#signals.unwatch(task);
    nextTick(() => {
      if (succeeded) {
        this.completed++;
        this.#tell(task, () => task.succeed(outcome));
        return;
      }
      this.failed++;
      const error = task.errorOf(outcome);
      const tell = (/** @type {unknown} */ told) => this.#tell(task, () => task.fail(told));
      if (lacksStack(error)) task.locate(error, tell);
      else tell(error);
    });
  }

  /**
   * @param {Task} task
   * @param {() => void} tell
   */
  #tell(task, tell) {
    try {
      tell();
    } finally {
      this.#drains.told(/** @type {Generation} */ (task.generation));
      if (--this.#untold === 0) this.#emit('drain');
    }
  }

  /** @param {Error} error */
  #connectionFailed(error) {
    this.#submissions.noteFailure(error);
    if (!this.#closed) this.#emit('error', error);
  }
}

module.exports = { QueueDispatcher };
