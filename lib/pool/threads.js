'use strict';

// How many threads a pool has, and when: what worker threads and Rust threads have in common.

const { enqueueMicrotask } = require('../node/microtask.js');
const { clearTimeout, nextTick, setTimeout } = require('../node/clock.js');
const { weakly } = require('./ownership.js');
const { NO_WORKER } = require('../wire/answer.js');
const { NEVER_A_TASK } = require('../wire/packet.js');
const { SafeMap } = require('./safe-map.js');

// A worker that ends without ever having taken a task takes none with it, so nothing would ever end
// a series of them.
const MAX_USELESS_WORKERS = 3;

/**
 * @typedef {object} Thread
 * @property {number} worker  its number
 * @property {number} id  for events: the threadId, or for Rust threads the number
 * @property {boolean} ready  it takes tasks, or did
 * @property {boolean} stopping  it takes no further task and is about to end
 */

/** Keeps between `minThreads` and `maxThreads` alive. Subclasses know what a thread is. */
class Threads {
  #byWorker = new SafeMap();
  #min;
  #max;
  #idleTimeout;
  #pool;
  #starting = 0;
  #stopping = 0;
  #everReady = false;
  #startFailed = false;
  #useless = 0;
  #demanding = false; // the microtask is queued
  #missed = false; // a demand was
  #retirement;
  #closed;

  /**
   * @param {{ minThreads: number, maxThreads: number, idleTimeout: number }} options
   * @param {object} pool  the dispatcher, and `emit` and `scope` of the pool
   */
  constructor({ minThreads, maxThreads, idleTimeout }, pool) {
    this.#min = minThreads;
    this.#max = maxThreads;
    this.#idleTimeout = idleTimeout;
    this.#pool = pool;
  }

  get pool() { return this.#pool; }

  /** The workers that have to be terminated: none of Rust's threads. */
  get workers() { return []; }

  /** How many there are: starting, idle and busy ones. */
  get count() { return this.#byWorker.size - this.#stopping; }

  /** Throws what a thread throws that cannot be made. */
  start() {
    while (this.count < this.#min) this.#spawn();
  }

  /**
   * Before a task is submitted: whether `demand()` is to be called when it was. It is called in a
   * microtask at the latest, because the stack may be used up by then.
   */
  mayDemand() {
    if (this.count >= this.#max) return false;
    if (!this.#demanding) {
      enqueueMicrotask(this.#makeUp);
      this.#demanding = true;
    }
    return true;
  }

  /** A task was submitted, after `mayDemand()`. Never throws. */
  demand() {
    this.#missed = true;
    try {
      this.refill();
      this.#missed = false;
    } catch { /* the stack is used up */ }
  }

  #makeUp = () => {
    this.#demanding = false;
    if (this.#missed) this.demand();
  };

  /** Starts the threads that are missing. */
  refill() {
    try {
      if (!this.#startFailed) this.start();
      this.#grow();
    } catch (error) {
      this.#startFailed = true;
      this.#giveUp(error);
    }
  }

  /** The worker takes tasks from now on. */
  ready(worker) {
    const thread = this.#byWorker.get(worker);
    thread.ready = true;
    this.#starting--;
    this.#everReady = true;
    this.#startFailed = false;
    this.#retireLater();
  }

  /** The worker takes no further task: its thread is ended. */
  stop(worker) {
    const thread = this.#byWorker.get(worker);
    if (thread === undefined || thread.stopping) return;
    thread.stopping = true;
    this.#stopping++;
    this.terminate(thread);
  }

  /**
   * The worker's thread has ended, with this task; every result of it was delivered. `words` holds
   * the error that it has said it ends by.
   */
  gone(worker, task, words) {
    const thread = this.#byWorker.get(worker);
    this.#pool.native.removeWorker(worker);
    this.#byWorker.delete(worker);
    if (thread.stopping) this.#stopping--;
    if (!thread.ready) this.#starting--;
    if (task < NEVER_A_TASK) this.#pool.fail(task, words ? words.error : this.errorOf(thread));
    this.tell('workerDestroy', thread.id);
    if (this.#closed !== undefined) {
      if (this.#byWorker.size === 0) this.#closed.resolve();
      return;
    }
    const idle = task >= NEVER_A_TASK && thread.ready && !thread.stopping;
    if (idle) this.endedIdle(thread);
    this.#replace(thread, task === NEVER_A_TASK);
  }

  /** Ends all threads; settles when they are gone. */
  close() {
    clearTimeout(this.#retirement);
    return new Promise((resolve) => {
      this.#closed = { resolve };
      if (this.#byWorker.size === 0) resolve();
      this.#byWorker.forEach((thread) => this.terminate(thread, true));
    });
  }

  threadOf(worker) {
    return this.#byWorker.get(worker);
  }

  /** Emits an event of the pool, later: what a listener throws must not get in the way here. */
  tell(event, value) {
    nextTick(() => this.#pool.emit(event, value));
  }

  #replace(thread, useless) {
    this.#useless = useless && !thread.stopping ? this.#useless + 1 : 0;
    if (!thread.ready) this.#startFailed = true;
    // What never worked fails at once, what did before may have been out of luck.
    const limit = this.#everReady ? MAX_USELESS_WORKERS : 1;
    if (this.#useless < limit) this.refill();
    else this.#giveUp(this.errorOf(thread));
  }

  // If nobody is left who could take a task. The next submission tries again.
  #giveUp(cause) {
    if (this.count === 0) this.#pool.failWaiting(() => this.startError(cause));
  }

  // As many as there are tasks that nobody is free for.
  #grow() {
    const { running } = this.#pool.native.statistics();
    let missing = this.#pool.queueSize - (this.count - running);
    // As long as none gets ready, one tries at a time.
    if (this.#startFailed) missing = Math.min(missing, 1 - this.#starting);
    for (; missing > 0 && this.count < this.#max; missing--) this.#spawn();
  }

  #spawn() {
    // In the context of the pool: not in that of the task that happens to need it.
    const thread = this.#pool.scope(() => this.create());
    this.#byWorker.set(thread.worker, thread);
    this.#starting++;
    this.tell('workerCreate', thread.id);
  }

  #retireLater() {
    const surplus = this.count > this.#min;
    if (!surplus || this.#retirement !== undefined || this.#idleTimeout === Infinity) return;
    const retire = weakly(this, Threads.#retireIn);
    this.#pool.scope(() => {
      this.#retirement = setTimeout(retire, Math.max(this.#idleTimeout, 1));
      this.#retirement.unref();
    });
  }

  static #retireIn = (threads) => threads.#retire();

  #retire() {
    this.#retirement = undefined;
    while (this.count > this.#min) {
      const worker = this.#pool.native.retireIdle(this.#idleTimeout);
      if (worker === NO_WORKER) break;
      this.stop(worker);
    }
    this.#retireLater();
  }
}

module.exports = { Threads };
