'use strict';

// How many threads a pool has, and when they start and end. What a thread is depends on their kind:
// worker-threads.js and native-threads.js.

const { weakly } = require('../ownership.js');
const { NO_WORKER } = require('../../wire/answer.js');
const { NEVER_A_TASK } = require('../../wire/packet.js');
const { SafeMap } = require('../../node/safe-map.js');
const { Demand } = require('./demand.js');
const { Grace } = require('./grace.js');
const { Recycling } = require('./recycling.js');
const { Retirement } = require('./retirement.js');
const { StartRecord } = require('../start-record.js');
const { phases } = require('./thread.js');

/** @typedef {import('./thread.js').Thread} Thread */
/** @typedef {import('./thread.js').Reports} Reports */

/** Keeps between `minThreads` and `maxThreads` alive. */
class Threads {
  /** @type {Map<number, Thread>} */
  #threads = new SafeMap(); // by workerId, until gone(), after which nothing is sent of the worker
  #min;
  #max;
  #idleTimeout;
  #grace;
  #native;
  #kind;
  #scope;
  #pending;
  #reports;
  #starting = 0;
  #leaving = 0;
  #ending = 0; // those that leave or are stopped, and one that has its successor beside it
  #record = new StartRecord();
  /** @type {Recycling | undefined} */
  #recycling;
  #demand = new Demand(() => this.#refill());
  #retirement;
  #allGone = /** @type {(() => void) | undefined} */ (undefined); // resolves close()

  /**
   * @param {{ minThreads: number, maxThreads: number, idleTimeout: number,
   *   abortGrace: number }} settings
   * @param {object} parts
   * @param {import('../../package/addon.js').NativePool} parts.native  the addon's NativePool
   * @param {import('./thread.js').ThreadKind<any>} parts.kind
   * @param {(fn: () => unknown) => any} parts.scope  calls in the context of the pool
   * @param {() => number} parts.pending  how many tasks Rust does not know of yet
   * @param {Reports} parts.reports
   */
  constructor(settings, { native, kind, scope, pending, reports }) {
    this.#min = settings.minThreads;
    this.#max = settings.maxThreads;
    this.#idleTimeout = settings.idleTimeout;
    this.#native = native;
    this.#kind = kind;
    this.#scope = scope;
    this.#pending = pending;
    this.#reports = reports;
    // A timer must not keep the pool.
    const graceOver = weakly(this, Threads.#graceOver);
    this.#grace = new Grace(settings.abortGrace, scope, graceOver);
    this.#retirement = new Retirement(settings.idleTimeout, scope, () => this.#retire());
  }

  /** How many there are: starting, idle and busy ones, but none that is about to end. */
  get count() {
    return this.#threads.size - this.#ending;
  }

  /** All that have not ended. */
  present() {
    /** @type {Thread[]} */
    const present = [];
    this.#threads.forEach((thread) => void present.push(thread));
    return present;
  }

  /** Whether as many as shall stay take tasks. */
  get areUp() {
    return this.count - this.#starting >= this.#min;
  }

  /** Starts those that shall stay, though they could not start before. */
  startMissing() {
    try {
      this.start();
    } catch (error) {
      this.#notStarted(error);
    }
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
    this.#demand.expect();
    return true;
  }

  /** A task was submitted, after `expectDemand()`. Never throws. */
  demand() {
    this.#demand.meet();
  }

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
      this.#reports.ready(thread.id);
    } else if (this.#grace.end(thread)) thread.stoppedFor = undefined;
    this.#record.succeed();
    this.#recycling?.ready(thread);
    this.#retireLater();
  }

  /**
   * The worker takes no task after what it runs. Its successor is started.
   *
   * @param {number} workerId
   */
  leaving(workerId) {
    const thread = this.#threads.get(workerId);
    if (thread?.phase !== phases.READY) return;
    thread.phase = phases.LEAVING;
    this.#leaving++;
    this.#ending++;
    this.#reports.leaving(thread.id);
    this.#recycling?.leaving(thread);
    this.#refill();
  }

  /**
   * The worker runs no task, and takes none any more: its thread ends.
   *
   * @param {number} workerId
   */
  left(workerId) {
    this.#stop(workerId, (thread) => {
      this.#grace.endAll(thread);
      this.#kind.end(thread, false);
    });
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
        if (this.#native.retire(workerId)) this.left(workerId);
        else this.leaving(workerId);
      },
    });
    const present = this.present();
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
    this.#stop(workerId, (thread) => {
      thread.stoppedFor = taskId ?? thread.stoppedFor;
      this.#kind.terminate(thread, false);
    });
  }

  /**
   * @param {number} workerId
   * @param {(thread: Thread) => void} end
   */
  #stop(workerId, end) {
    const thread = this.#threads.get(workerId);
    if (thread === undefined || thread.phase === phases.STOPPING) return;
    end(thread);
    if (thread.phase === phases.STARTING) this.#starting--;
    if (thread.phase === phases.LEAVING) this.#leaving--;
    else this.#ending++;
    thread.phase = phases.STOPPING;
    this.#reports.stopping(thread.id);
    this.#recycling?.leaving(thread);
    if (!this.#kind.isTerminable) this.#refill();
  }

  /**
   * The task that the worker runs was cancelled, or has expired. Its thread is stopped, at once or
   * when the grace is over; `taskId` is the task's id.
   *
   * @param {number} workerId
   * @param {number} taskId
   * @param {() => unknown} makeReason  makes what the task is told
   */
  abort(workerId, taskId, makeReason) {
    const thread = this.#threads.get(workerId);
    if (thread === undefined || thread.phase === phases.STOPPING) return;
    if (this.#grace.milliseconds === 0) {
      this.stop(workerId, taskId);
      return;
    }
    thread.stoppedFor = taskId;
    this.#kind.abort(thread, makeReason());
    this.#grace.begin(thread);
  }

  /**
   * @param {Threads} threads
   * @param {number} workerId
   */
  static #graceOver = (threads, workerId) => {
    if (threads.#native.stopAborted(workerId)) threads.stop(workerId);
  };

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
    this.#grace.drop(thread);
    this.#reports.destroyed(thread.id);
    this.#recycling?.gone(thread, () => this.#kind.startError(this.#kind.errorOf(thread)));
    this.#reportEnd(thread, taskId);
    if (this.#allGone !== undefined) {
      if (this.#threads.size === 0) this.#allGone();
      return;
    }
    this.#record.end(taskId === NEVER_A_TASK && phase !== phases.STOPPING);
    if (phase === phases.STARTING) this.#notStarted(this.#kind.errorOf(thread));
    if (this.#record.isHopeless) this.#giveUp(this.#kind.errorOf(thread));
    else this.#refill();
  }

  /** Ends all threads; settles when they are gone. */
  close() {
    this.#retirement.close();
    this.#recycling?.close();
    return new Promise((/** @type {(value?: any) => void} */ resolve) => {
      this.#allGone = resolve;
      if (this.#threads.size === 0) resolve();
      this.#threads.forEach((thread) => this.#kind.end(thread, true));
    });
  }

  /**
   * The thread of the worker, unless it is being stopped.
   *
   * @param {number} workerId
   */
  find(workerId) {
    const thread = this.#threads.get(workerId);
    return thread?.phase === phases.STOPPING ? undefined : thread;
  }

  /**
   * The result that the worker has sent through its port, or the error that it cannot be read.
   *
   * @param {number} workerId
   * @param {number} number  of the message
   */
  receive(workerId, number) {
    return this.#kind.receive(/** @type {Thread} */ (this.#threads.get(workerId)), number);
  }

  /**
   * @param {Thread} thread
   * @param {number} taskId
   */
  #reportEnd(thread, taskId) {
    const { phase, aborts } = thread;
    const idle = taskId >= NEVER_A_TASK && phase === phases.READY && aborts === 0;
    const ended = this.#allGone !== undefined || !idle;
    const failure = ended ? this.#kind.endError(thread) : this.#kind.idleError(thread);
    if (failure !== undefined) this.#reports.error(failure.error);
  }

  // Starts the threads that are missing.
  #refill() {
    try {
      if (!this.#record.isFailing) this.start();
      this.#grow();
    } catch (error) {
      this.#notStarted(error);
      this.#giveUp(error);
    }
  }

  /** @param {unknown} cause */
  #notStarted(cause) {
    this.#record.fail();
    this.#reports.notStarted(() => this.#kind.startError(cause));
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
    const { wanted, running, aborted } = this.#native.statistics();
    const busy = running + aborted - this.#leaving;
    let missing = wanted + this.#pending() - (this.count - busy);
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
    if (this.count > this.#min) this.#retirement.later();
  }

  #retire() {
    while (this.count > this.#min) {
      const workerId = this.#native.retireIdle(this.#idleTimeout);
      if (workerId === NO_WORKER) break;
      this.left(workerId);
    }
    this.#retireLater();
  }
}

module.exports = { Threads };
