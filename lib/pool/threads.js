'use strict';

// How many threads a pool has, and when they start and end. What a thread is depends on their kind:
// worker-threads.js and native-threads.js.

const { enqueueMicrotask } = require('../node/microtask.js');
const { clearTimeout, setTimeout } = require('../node/clock.js');
const { weakly } = require('./ownership.js');
const { NO_WORKER } = require('../wire/answer.js');
const { NEVER_A_TASK } = require('../wire/packet.js');
const { SafeMap } = require('../node/safe-map.js');
const { Recycling } = require('./recycling.js');
const { StartRecord } = require('./start-record.js');

const phases = Object.freeze({
  STARTING: 'starting', // it was made
  READY: 'ready', // it takes tasks
  LEAVING: 'leaving', // it takes no further task, and is stopped after the one that it runs
  STOPPING: 'stopping', // it takes no further task, and is about to end
});

const demands = Object.freeze({
  NONE: 'none',
  EXPECTED: 'expected', // a microtask will look after it
  BROKEN_OFF: 'broken off', // a microtask will make up for it
});

/**
 * @typedef {object} Thread
 * @property {number} workerId  its number in Rust
 * @property {number} id  for events: the threadId of a Worker, the workerId of a Rust thread
 * @property {string} phase
 * @property {number} [stoppedFor]  the id that the task had which was cancelled while it ran here
 */

/**
 * What a thread is.
 *
 * @template {Thread} T
 * @typedef {object} ThreadKind
 * @property {Iterable<import('node:worker_threads').Worker>} workers  the Workers that run, which
 *   have to be terminated if the pool is dropped
 * @property {boolean} isTerminable  false if a thread ends only after its task. Then another one
 *   takes its place at once
 * @property {() => T} create  makes a thread, which starts. Throws if that is not possible
 * @property {(thread: T, awaited: boolean) => void} terminate  has the thread end; `awaited` if the
 *   process must not end before it
 * @property {(thread: T) => void} release  the thread has ended: gives up what is left of it
 * @property {(thread: T) => unknown} errorOf  why the thread has ended, for the task that it ran
 * @property {(thread: T) => { error: unknown } | undefined} idleError  the same if it ran none;
 *   `undefined` if that is not an error
 * @property {(cause: unknown) => Error} startError  no thread can start, because of this
 * @property {(thread: T) => import('node:worker_threads').MessagePort | undefined} portOf  where
 *   values go that only a port can carry
 * @property {(thread: T) => { value?: unknown, error?: unknown }} receive  the result that the
 *   thread has sent through its port
 */

/**
 * What a pool is told of its threads.
 *
 * @typedef {object} Reports
 * @property {(id: number) => void} created
 * @property {(id: number) => void} destroyed
 * @property {(error: unknown) => void} error  an error that no task can be told
 * @property {(value: unknown) => void} message  a processor has posted it, and not as a reply
 * @property {(error: unknown) => void} messageError  such a message cannot be read
 * @property {(makeError: () => unknown) => void} noThreadCanStart
 */

/** Keeps between `minThreads` and `maxThreads` alive. */
class Threads {
  /** @type {Map<number, Thread>} */
  #threads = new SafeMap(); // by workerId, until gone(), after which nothing is sent of the worker
  #min;
  #max;
  #idleTimeout;
  #native;
  #kind;
  #scope;
  #waiting;
  #reports;
  #starting = 0;
  #leaving = 0;
  #ending = 0; // those that leave or are stopped, and one that has its successor beside it
  #record = new StartRecord();
  /** @type {Recycling | undefined} */
  #recycling;
  /** @type {string} */
  #demand = demands.NONE;
  /** @type {NodeJS.Timeout | undefined} */
  #retirement;
  /** @type {(() => void) | undefined} */
  #allGone; // resolves close()

  /**
   * @param {{ minThreads: number, maxThreads: number, idleTimeout: number }} settings
   * @param {object} parts
   * @param {import('../package/addon.js').NativePool} parts.native  the addon's NativePool
   * @param {ThreadKind<any>} parts.kind
   * @param {(fn: () => unknown) => any} parts.scope  calls in the context of the pool
   * @param {() => number} parts.waiting  how many tasks wait for a thread
   * @param {Reports} parts.reports
   */
  constructor({ minThreads, maxThreads, idleTimeout }, { native, kind, scope, waiting, reports }) {
    this.#min = minThreads;
    this.#max = maxThreads;
    this.#idleTimeout = idleTimeout;
    this.#native = native;
    this.#kind = kind;
    this.#scope = scope;
    this.#waiting = waiting;
    this.#reports = reports;
  }

  /** How many there are: starting, idle and busy ones, but none that is about to end. */
  get count() {
    return this.#threads.size - this.#ending;
  }

  /** Starts the first ones. Throws what a thread throws that cannot be made. */
  start() {
    while (this.count < this.#min) this.#spawn();
  }

  /**
   * Before a task is submitted: whether `demand()` is to be called when it was. It is called in a
   * microtask at the latest, because the stack may be used up by then.
   */
  expectDemand() {
    if (this.count >= this.#max) return false;
    if (this.#demand === demands.NONE) {
      enqueueMicrotask(this.#meetExpected);
      this.#demand = demands.EXPECTED;
    }
    return true;
  }

  /** A task was submitted, after `expectDemand()`. Never throws. */
  demand() {
    const before = this.#demand;
    this.#demand = demands.BROKEN_OFF;
    try {
      this.#refill();
      this.#demand = before;
    } catch {
      /* the stack is used up */
    }
  }

  #meetExpected = () => {
    const missed = this.#demand === demands.BROKEN_OFF;
    this.#demand = demands.NONE;
    if (missed) this.#refill();
  };

  /**
   * The worker takes tasks from now on.
   *
   * @param {number} workerId
   */
  ready(workerId) {
    const thread = /** @type {Thread} */ (this.#threads.get(workerId));
    if (thread.phase === phases.STARTING) {
      thread.phase = phases.READY;
      this.#starting--;
    }
    this.#record.succeed();
    this.#recycling?.ready(thread);
    this.#retireLater();
  }

  /**
   * The worker takes no task after the one that it runs. Its successor is started.
   *
   * @param {number} workerId
   */
  leaving(workerId) {
    const thread = this.#threads.get(workerId);
    if (thread?.phase !== phases.READY) return;
    thread.phase = phases.LEAVING;
    this.#leaving++;
    this.#ending++;
    this.#recycling?.leaving(thread);
    this.#refill();
  }

  /**
   * Replaces all threads that there are; settles when they have ended. Rejected with the error if a
   * thread cannot start, as far as threads stay because of that.
   */
  recycle() {
    this.#recycling ??= new Recycling({
      exchange: () => this.#exchange(),
      exchanged: () => {
        this.#ending--;
      },
      retire: ({ workerId }) => {
        if (this.#native.retire(workerId)) this.stop(workerId);
        else this.leaving(workerId);
      },
    });
    /** @type {Thread[]} */
    const present = [];
    this.#threads.forEach((thread) => {
      present[present.length] = thread;
    });
    const working = present.filter(
      ({ phase }) => phase === phases.STARTING || phase === phases.READY,
    );
    return this.#recycling.replace(present, working);
  }

  /**
   * The worker takes no further task: its thread is ended. If that is because the task that it runs
   * was cancelled, `taskId` names it.
   *
   * @param {number} workerId
   * @param {number} [taskId]
   */
  stop(workerId, taskId = undefined) {
    const thread = this.#threads.get(workerId);
    if (thread === undefined || thread.phase === phases.STOPPING) return;
    this.#kind.terminate(thread, false);
    if (thread.phase === phases.STARTING) this.#starting--;
    if (thread.phase === phases.LEAVING) this.#leaving--;
    else this.#ending++;
    thread.phase = phases.STOPPING;
    thread.stoppedFor = taskId;
    this.#recycling?.leaving(thread);
    if (!this.#kind.isTerminable) this.#refill();
  }

  /**
   * Whether the worker is being stopped, because the task that had this id was cancelled.
   *
   * @param {number} workerId
   * @param {number} taskId
   */
  wasStoppedFor(workerId, taskId) {
    return this.#threads.get(workerId)?.stoppedFor === taskId;
  }

  /**
   * Why the worker's thread has ended, for the task that it ran.
   *
   * @param {number} workerId
   */
  errorOf(workerId) {
    return this.#kind.errorOf(/** @type {Thread} */ (this.#threads.get(workerId)));
  }

  /**
   * The worker's thread has ended, and everything that it has sent was delivered. `taskId` is the
   * task that it ran, or says that it ran none.
   *
   * @param {number} workerId
   * @param {number} taskId
   */
  gone(workerId, taskId) {
    const thread = /** @type {Thread} */ (this.#threads.get(workerId));
    const { phase } = thread;
    this.#kind.release(thread);
    this.#native.removeWorker(workerId);
    this.#threads.delete(workerId);
    if (phase === phases.STOPPING || phase === phases.LEAVING) this.#ending--;
    if (phase === phases.LEAVING) this.#leaving--;
    if (phase === phases.STARTING) this.#starting--;
    this.#reports.destroyed(thread.id);
    this.#recycling?.gone(thread, () => this.#kind.startError(this.#kind.errorOf(thread)));
    if (this.#allGone !== undefined) {
      if (this.#threads.size === 0) this.#allGone();
      return;
    }
    if (taskId >= NEVER_A_TASK && phase === phases.READY) this.#reportIdle(thread);
    this.#record.end(taskId === NEVER_A_TASK && phase !== phases.STOPPING);
    if (phase === phases.STARTING) this.#record.fail();
    if (this.#record.isHopeless) this.#giveUp(this.#kind.errorOf(thread));
    else this.#refill();
  }

  /** Ends all threads; settles when they are gone. */
  close() {
    clearTimeout(this.#retirement);
    this.#recycling?.close();
    return new Promise((/** @type {(value?: any) => void} */ resolve) => {
      this.#allGone = resolve;
      if (this.#threads.size === 0) resolve();
      this.#threads.forEach((thread) => this.#kind.terminate(thread, true));
    });
  }

  /**
   * Where values for the worker go, unless it is being stopped.
   *
   * @param {number} workerId
   */
  portOf(workerId) {
    const thread = this.#threads.get(workerId);
    if (thread === undefined || thread.phase === phases.STOPPING) return undefined;
    return this.#kind.portOf(thread);
  }

  /**
   * The result that the worker has sent through its port, or the error that it cannot be read.
   *
   * @param {number} workerId
   */
  receive(workerId) {
    return this.#kind.receive(/** @type {Thread} */ (this.#threads.get(workerId)));
  }

  /** @param {Thread} thread */
  #reportIdle(thread) {
    const failure = this.#kind.idleError(thread);
    if (failure !== undefined) this.#reports.error(failure.error);
  }

  // Starts the threads that are missing.
  #refill() {
    try {
      if (!this.#record.isFailing) this.start();
      this.#grow();
    } catch (error) {
      this.#record.fail();
      this.#giveUp(error);
    }
  }

  /**
   * If nobody is left who could take a task. The next submission tries again.
   *
   * @param {unknown} cause
   */
  #giveUp(cause) {
    if (this.count === 0) this.#reports.noThreadCanStart(() => this.#kind.startError(cause));
  }

  // As many as there are tasks that nobody is free for.
  #grow() {
    const running = this.#native.statistics().running - this.#leaving;
    let missing = this.#waiting() - (this.count - running);
    // As long as none gets ready, one tries at a time.
    if (this.#record.isFailing) missing = Math.min(missing, 1 - this.#starting);
    for (; missing > 0 && this.count < this.#max; missing--) this.#spawn();
  }

  #spawn() {
    // In the context of the pool: not in that of the task that happens to need it.
    const thread = /** @type {Thread} */ (this.#scope(() => this.#kind.create()));
    this.#threads.set(thread.workerId, thread);
    this.#starting++;
    this.#reports.created(thread.id);
    return thread;
  }

  // One more, while another one stays.
  #exchange() {
    const thread = this.#spawn();
    this.#ending++;
    return thread;
  }

  #retireLater() {
    const surplus = this.count > this.#min;
    if (!surplus || this.#retirement !== undefined || this.#idleTimeout === Infinity) return;
    const retire = weakly(this, Threads.#retireIn);
    this.#scope(() => {
      this.#retirement = setTimeout(retire, Math.max(this.#idleTimeout, 1));
      this.#retirement.unref();
    });
  }

  /** @param {Threads} threads */
  static #retireIn = (threads) => threads.#retire();

  #retire() {
    this.#retirement = undefined;
    while (this.count > this.#min) {
      const workerId = this.#native.retireIdle(this.#idleTimeout);
      if (workerId === NO_WORKER) break;
      this.stop(workerId);
    }
    this.#retireLater();
  }
}

module.exports = { Threads, phases };
