'use strict';

// How many threads a pool has, and when they start and end. What a thread is depends on their kind:
// worker-threads.js and native-threads.js.

const { weakly } = require('../ownership.js');
const { NEVER_A_TASK } = require('../../wire/packet.js');
const { FEW_CALLS, MANY_CALLS, reserveStack } = require('../../node/stack.js');
const { Demand } = require('./demand.js');
const { Grace } = require('./grace.js');
const { Present } = require('./present.js');
const { Recycling } = require('./recycling.js');
const { Retirement } = require('./retirement.js');
const { StartRecord } = require('../start-record.js');
const { hasAborted, phases } = require('./thread.js');

/**
 * @typedef {import('./thread.js').Lane} Lane
 * @typedef {import('./thread.js').Thread} Thread
 */

/** Keeps between `minThreads` and `maxThreads` alive. */
class Threads {
  #present; // until gone(), after which nothing is sent of a thread
  #lanes; // of each
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
  #ending = 0; // those that leave or are stopped, and one that has its successor beside it
  #record = new StartRecord();
  /** @type {Recycling | undefined} */
  #recycling;
  #demand = new Demand(() => this.#refill());
  #retirement;
  #allGone = /** @type {(() => void) | undefined} */ (undefined); // resolves close()

  /**
   * @param {{ minThreads: number, maxThreads: number, tasksPerWorker: number,
   *   idleTimeout: number, abortGrace: number }} settings
   * @param {object} parts
   * @param {import('../../package/addon.js').NativePool} parts.native  the addon's NativePool
   * @param {import('./thread.js').ThreadKind<any>} parts.kind
   * @param {(fn: () => unknown) => any} parts.scope  calls in the context of the pool
   * @param {() => number} parts.pending  how many tasks Rust does not know of yet
   * @param {import('./thread.js').Reports} parts.reports
   */
  constructor(settings, { native, kind, scope, pending, reports }) {
    this.#present = new Present(settings.tasksPerWorker);
    this.#lanes = settings.tasksPerWorker;
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
    this.#retirement = new Retirement(scope, () => this.#retire());
  }

  /** How many there are: starting, idle and busy ones, but none that is about to end. */
  get count() {
    return this.#present.count - this.#ending;
  }

  /** All that have not ended. */
  present() {
    return this.#present.all();
  }

  /** Whether nobody takes a task before a thread is made, by a call that this one is within. */
  get areBeingMade() {
    if (!this.#present.isMaking || this.#isMissing(1)) return false;
    return !this.present().some(({ phase }) => phase === phases.STARTING || phase === phases.READY);
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

  /** Starts what `demand()` could not start. Throws if the stack is too small for it now, too. */
  makeUp() {
    this.#demand.makeUp();
  }

  /** @param {number} workerId  which takes tasks from now on */
  ready(workerId) {
    const thread = /** @type {Thread} */ (this.#present.get(workerId));
    if (thread.phase === phases.STARTING) {
      thread.phase = phases.READY;
      this.#starting--;
      this.#reports.ready(thread.id);
    } else this.#grace.end(/** @type {Lane} */ (this.#present.laneOf(workerId)));
    this.#record.succeed();
    this.#recycling?.ready(thread);
    this.#retireLater();
  }

  /** @param {number} workerId  whose thread takes no task after its own: it gets a successor */
  leaving(workerId) {
    const thread = this.#present.get(workerId);
    if (thread?.phase !== phases.READY) return;
    this.#expectRefill();
    thread.phase = phases.LEAVING;
    this.#ending++;
    this.#reports.leaving(thread.id);
    this.#recycling?.leaving(thread);
    this.#demand.meet();
  }

  /** @param {number} workerId  whose thread runs no task, and takes none any more: it ends */
  left(workerId) {
    this.#stop(workerId, (thread) => {
      this.#grace.endAll(thread.lanes);
      this.#kind.end(thread, false);
    });
  }

  /**
   * Replaces all threads that there are; settles when they have ended. Rejected with the error if a
   * thread cannot start, as far as threads stay because of that.
   */
  recycle() {
    this.#recycling ??= new Recycling({
      exchange: () => {
        this.#ending++;
        return this.#spawn();
      },
      exchanged: () => void this.#ending--,
      retire: ({ workerId }) => {
        if (this.#native.retire(workerId)) this.left(workerId);
        else this.leaving(workerId);
      },
    });
    const present = this.present();
    const { STARTING, READY } = phases;
    const working = present.filter(({ phase }) => phase === STARTING || phase === READY);
    return this.#recycling.replace(present, working);
  }

  /** @param {number} workerId  that takes no further task: its thread is ended */
  stop(workerId) {
    this.#stop(workerId, (thread) => this.#kind.terminate(thread, false));
  }

  /**
   * @param {number} workerId
   * @param {(thread: Thread) => void} end
   */
  #stop(workerId, end) {
    const thread = this.find(workerId);
    if (thread === undefined) return;
    const { isTerminable } = this.#kind;
    if (!isTerminable) this.#expectRefill();
    end(thread);
    if (this.find(workerId) !== thread) return; // hooks have stopped it meanwhile
    if (thread.phase === phases.STARTING) this.#starting--;
    if (thread.phase !== phases.LEAVING) this.#ending++;
    thread.phase = phases.STOPPING;
    this.#reports.stopping(thread.id);
    this.#recycling?.leaving(thread);
    if (!isTerminable) this.#demand.meet();
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
    const lane = this.#present.laneOf(workerId);
    if (lane !== undefined) lane.stoppedFor = taskId; // also if it is being stopped for another one
    const thread = this.find(workerId);
    if (lane === undefined || thread === undefined) return;
    if (this.#grace.milliseconds === 0) this.stop(workerId);
    else {
      this.#kind.abort(thread, workerId, makeReason());
      this.#grace.begin(lane);
    }
  }

  /**
   * Without timers: stops those whose aborted tasks have not ended by now.
   *
   * @param {number} time
   */
  stopOverdue(time) {
    this.#grace.look(this.present(), time);
  }

  static #graceOver = (/** @type {Threads} */ threads, /** @type {number} */ workerId) => {
    if (threads.#native.stopAborted(workerId)) threads.stop(workerId);
  };

  /**
   * Whether the worker is being stopped, because the task that had this id was cancelled.
   *
   * @param {number} workerId
   * @param {number} taskId
   */
  wasStoppedFor(workerId, taskId) {
    return this.#present.laneOf(workerId)?.stoppedFor === taskId;
  }

  /**
   * The worker's thread has ended, and everything that it has sent was delivered. `taskId` is the
   * task that it ran, or says that it ran none.
   *
   * @param {number} workerId
   * @param {number} taskId
   */
  gone(workerId, taskId) {
    const thread = this.#present.get(workerId);
    if (thread === undefined) return; // heard before, where the stack was used up then
    this.#expectRefill();
    const { phase } = thread;
    this.#kind.release(thread);
    this.#native.removeWorkers(thread.workerId);
    this.#present.remove(thread);
    if (phase === phases.STOPPING || phase === phases.LEAVING) this.#ending--;
    if (phase === phases.STARTING) this.#starting--;
    this.#reports.destroyed(thread.id);
    this.#recycling?.gone(thread, () => this.#kind.startError(this.#kind.errorOf(thread)));
    this.#reportEnd(thread, taskId);
    this.#grace.endAll(thread.lanes);
    if (this.#allGone !== undefined) {
      if (this.#present.count === 0) this.#allGone();
      return;
    }
    this.#record.end(taskId === NEVER_A_TASK && phase !== phases.STOPPING);
    if (phase === phases.STARTING) this.#notStarted(this.#kind.errorOf(thread));
    if (this.#record.isHopeless) this.#giveUp(this.#kind.errorOf(thread));
    else this.#demand.meet();
  }

  /** Ends all threads; settles when they are gone. */
  close() {
    this.#min = this.#max = 0; // also if one is being made
    this.#retirement.close();
    this.#recycling?.close();
    return new Promise((/** @type {(value?: any) => void} */ resolve) => {
      this.#allGone = resolve;
      if (this.#present.count === 0) resolve();
      for (const thread of this.present()) this.#kind.end(thread, true);
    });
  }

  /** @param {number} workerId  whose thread it is, unless that is being stopped */
  find(workerId) {
    const thread = this.#present.get(workerId);
    return thread?.phase === phases.STOPPING ? undefined : thread;
  }

  /** @param {number} workerId  whose thread it is, until that is gone */
  at(workerId) {
    return this.#present.get(workerId);
  }

  /**
   * The result that the worker has sent through its port, or the error that it cannot be read.
   *
   * @param {number} workerId
   * @param {number} number  of the message
   */
  receive(workerId, number) {
    const thread = /** @type {Thread} */ (this.at(workerId));
    return this.#kind.receive(thread, workerId, number);
  }

  /**
   * @param {Thread} thread
   * @param {number} taskId
   */
  #reportEnd(thread, taskId) {
    const wasFree = taskId >= NEVER_A_TASK && !hasAborted(thread);
    const idle = wasFree && thread.phase === phases.READY;
    const ended = this.#allGone !== undefined || !idle;
    const failure = ended ? this.#kind.endError(thread) : this.#kind.idleError(thread);
    if (failure !== undefined) this.#reports.error(failure.error);
  }

  // Before a thread is given up, which must not stay half done. `meet()` is called when it was.
  #expectRefill() {
    reserveStack(FEW_CALLS);
    this.#demand.expect();
  }

  // Starts the threads that are missing.
  #refill() {
    if (!this.#isMissing()) return;
    // Outside: that the stack is used up says nothing of the threads.
    reserveStack(MANY_CALLS);
    try {
      do this.#spawn();
      while (this.#isMissing());
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

  // One of those that shall stay, or that a task needs, and so many `further` ones. As long as none
  // gets ready, one tries at a time.
  #isMissing(further = 0) {
    if (this.count >= this.#max || (this.#record.isFailing && this.#starting > 0)) return false;
    if (this.count < this.#min && !this.#record.isFailing) return true;
    const { wanted, running, aborted, leaving } = this.#native.statistics();
    const free = this.count * this.#lanes - (running + aborted - leaving);
    return wanted + this.#pending() + further > free;
  }

  #spawn() {
    try {
      // In the context of the pool: not in that of the task that happens to need it.
      const thread = this.#present.add(() => this.#scope(() => this.#kind.create()));
      this.#starting++;
      this.#reports.created(thread.id);
      if (this.#allGone !== undefined) this.#kind.end(thread, true); // closed meanwhile
      return thread;
    } catch (error) {
      if (this.#present.count === 0) this.#allGone?.();
      throw error;
    }
  }

  #retireLater() {
    if (this.count > this.#min) this.#retirement.later(this.#idleTimeout);
  }

  #retire() {
    while (this.count > this.#min) {
      const answer = this.#native.retireIdle(this.#idleTimeout);
      if (answer < 0) return this.#retirement.later(-answer); // `~answer` is left, and one more
      this.left(answer);
    }
  }
}

module.exports = { Threads };
