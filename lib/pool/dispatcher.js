'use strict';

// The main side of a pool. It passes tasks on their way in, and what the threads send on its way
// back, to the part that each is for; scheduling is Rust's (src/pool/).
//
// Any call may throw, because the stack is used up. What the parts note together, they note without
// a call in between, and what is needed later is prepared before.

const { captureStack, lackStack, located, setStack } = require('../errors/coded.js');
const errors = require('../errors/pool.js');
const { NEVER_A_TASK, NO_TIMEOUT } = require('../wire/packet.js');
const status = require('../wire/status.js');
const { assemble } = require('./assembly.js');
const { abortOf } = require('./tasks/abort-signals.js');
const { areTasksObserved } = require('./observation/channels.js');
const { Ending, failureOf, phases } = require('./ending.js');
const { wasClosed } = require('./ownership.js');

/** @typedef {import('./tasks/task.js').Task} Task */
/** @typedef {import('./tasks/options.js').TaskOptions} TaskOptions */

class Dispatcher {
  /** @type {string} */
  #phase = phases.OPEN;
  /** @type {Ending | undefined}  once it is draining */
  #ending;
  /** @type {import('./ending.js').Failure | undefined}  of the tasks that are left at the end */
  #left;
  #hasTimer = false;
  #native;
  #drains;
  #traces;
  #contexts;
  #progress;
  #readiness;
  #broadcasts;
  #signals;
  #tasks;
  #liveness;
  #settlement;
  #failures;
  #results;
  /** What the threads write. */
  output;
  #running;
  #threads;
  #observer;
  #statistics;
  #waiting;
  #reports;
  #syncRuns;

  /**
   * Throws what a thread throws that cannot be started. The errors of this and of the other methods
   * begin at the call of `hidden`.
   *
   * @param {ReturnType<typeof import('./options.js').poolOptions>} settings
   * @param {import('./assembly.js').Owner} owner
   * @param {Function} hidden
   */
  constructor(settings, owner, hidden) {
    ({
      native: this.#native,
      drains: this.#drains,
      traces: this.#traces,
      contexts: this.#contexts,
      progress: this.#progress,
      readiness: this.#readiness,
      broadcasts: this.#broadcasts,
      signals: this.#signals,
      tasks: this.#tasks,
      liveness: this.#liveness,
      settlement: this.#settlement,
      failures: this.#failures,
      results: this.#results,
      output: this.output,
      running: this.#running,
      threads: this.#threads,
      observer: this.#observer,
      statistics: this.#statistics,
      waiting: this.#waiting,
      reports: this.#reports,
      syncRuns: this.#syncRuns,
    } = assemble(this, settings, owner, {
      deliver: Dispatcher.#deliver,
      route: (what, id, value, workerId) => this.#route(what, id, value, workerId),
      notTaken: (id) => this.#notTaken(id),
      refusal: (signal) => this.#refusal(signal, true),
    }));
    try {
      this.#threads.start();
    } catch (error) {
      // Node's, of options that are for its Worker
      this.close(hidden);
      throw captureStack(lackStack(error), hidden);
    }
  }

  static #deliver = (/** @type {Dispatcher} */ dispatcher) => dispatcher.#results.deliver();

  get numThreads() {
    return this.#threads.count;
  }
  get running() {
    return this.#native.statistics().running;
  }
  get queueSize() {
    return this.#waiting();
  }
  get completed() {
    return this.#settlement.completed;
  }
  get failed() {
    return this.#settlement.failed;
  }

  histogram() {
    return this.#native.histogram();
  }

  /** @param {unknown} since  an earlier answer */
  stats(since) {
    return this.#statistics.read(since);
  }

  /**
   * Takes a task, which is told how it ends: later, once. If this throws, nothing is noted.
   *
   * @param {unknown} value
   * @param {import('./tasks/task.js').Task} task
   * @param {TaskOptions} options
   * @param {Function} [hidden]  `undefined` if the task's errors get their place later
   */
  dispatch(value, task, options, hidden) {
    if (!areTasksObserved()) this.#dispatch(value, task, options, hidden);
    else {
      this.#observer.submit(task, options, (observed, wanted) =>
        this.#dispatch(value, observed, wanted, hidden),
      );
    }
  }

  /** @type {Dispatcher['dispatch']} */
  #dispatch(value, task, options, hidden) {
    this.#traces?.capture(task, hidden);
    const { signal, onProgress } = options;
    const refusal = this.#refusal(signal, false);
    if (refusal !== undefined) {
      this.#failures.refuse(task, located(refusal, hidden));
      return;
    }
    this.#liveness.hold();
    const demands = this.#threads.expectDemand();
    let entered;
    try {
      if (options.timeout !== NO_TIMEOUT && !this.#hasTimer) {
        this.#native.startTimer(); // throws: else a timeout would silently not hold
        this.#hasTimer = true;
      }
      if (onProgress !== undefined) this.#progress.listen(task, onProgress);
      if (signal !== undefined) this.#signals.watch(signal, task);
      this.#contexts?.capture(task);
      entered = this.#tasks.enter(task, value, options, demands);
    } catch (error) {
      this.#signals.unwatch(task);
      if (task.contexts !== undefined) this.#contexts?.release(task.contexts);
      const failure = this.#phase === phases.CLOSED ? errors.closed() : error;
      this.#failures.refuse(task, located(failure, hidden));
      return;
    }
    // A getter of the value may have caused it, when Rust did not know of the task yet.
    const asks = entered && (signal !== undefined || this.#phase === phases.CLOSED);
    const late = asks ? this.#refusal(signal, true) : undefined;
    if (late !== undefined) this.#takeBack(task, located(late, hidden));
    else if (entered && demands) this.#threads.demand();
  }

  /**
   * The result of a task, for which this thread waits. Throws what it fails with: the errors of the
   * pool get their place later.
   *
   * @param {unknown} value
   * @param {TaskOptions} options
   */
  runSync(value, options) {
    return this.#syncRuns().run(value, options);
  }

  /**
   * Ends those of the tasks that are under way. They are told the error, later.
   *
   * @param {Task[]} tasks
   * @param {() => unknown} makeError
   * @param {boolean} [onlyWaiting]  those that run go on
   */
  cancel(tasks, makeError, onlyWaiting = false) {
    const entered = this.#tasks.entered(tasks);
    if (onlyWaiting) this.#failures.cancelWaiting(makeError, entered);
    else this.#failures.cancel(entered, makeError);
  }

  /**
   * Ends all tasks that wait for a thread. They are told later. Returns their number.
   *
   * @param {unknown} reason
   * @param {Function} hidden
   */
  abortWaiting(reason, hidden) {
    if (this.#phase === phases.CLOSED) return 0; // Rust knows of no task
    const failure = failureOf(() => errors.aborted(reason), hidden);
    return this.#failures.cancelWaiting(() => this.#errorOf(failure));
  }

  /** @param {import('./ending.js').Failure} failure  of several tasks, by one call */
  #errorOf({ make, example }) {
    return this.#traces === undefined ? setStack(make(), example) : make();
  }

  /** @type {import('./results/running.js').RunningTasks['say']} */
  say(workerId, message) {
    this.#running.say(workerId, message);
  }

  /** Settles when everything submitted so far is settled and told. */
  drain() {
    return this.#drains.wait();
  }

  /**
   * Settles when `minThreads` take tasks, or cannot.
   *
   * @param {Function} hidden
   */
  async ready(hidden) {
    if (this.#phase !== phases.OPEN) throw captureStack(errors.closed(), hidden);
    await this.#readiness.wait(hidden);
  }

  /**
   * Called before `close()`, any number of times, and after it: how the pool ends. Until it is
   * closed, the call that ends it earliest counts.
   *
   * @param {import('./options.js').CloseOptions} options
   * @param {Function} hidden
   */
  end({ drain, timeout }, hidden) {
    if (this.#phase === phases.CLOSED) return;
    if (!drain) {
      this.#left = failureOf(errors.closed, hidden);
      this.#ending?.cut(this.#left);
      return;
    }
    const ending = this.#ending ?? new Ending(this.#drains.wait(), hidden);
    ending.limit(timeout, hidden);
    this.#ending = ending;
    this.#phase = phases.DRAINING;
  }

  /**
   * Has all threads take the value; settles when those that there are have done so.
   *
   * @param {unknown} value
   * @param {Function} hidden
   */
  async broadcast(value, hidden) {
    if (this.#phase !== phases.OPEN) throw captureStack(errors.closed(), hidden);
    await this.#broadcasts.send(value, hidden);
  }

  /**
   * Replaces all threads that there are; settles when they are gone.
   *
   * @param {Function} hidden
   */
  async recycle(hidden) {
    if (this.#phase !== phases.OPEN) throw captureStack(errors.closed(), hidden);
    try {
      await this.#liveness.holdFor(this.#threads.recycle());
    } catch (error) {
      throw captureStack(error);
    }
  }

  /**
   * Fails what is under way and stops all threads; settles when they are gone.
   *
   * @param {Function} hidden
   */
  async close(hidden) {
    if (this.#phase === phases.DRAINING) this.#left = await this.#ending?.over;
    const failure = this.#left ?? failureOf(errors.closed, hidden);
    this.#phase = phases.CLOSED;
    this.#readiness.fail(errors.closed);
    this.#broadcasts.fail(errors.closed);
    this.#liveness.close();
    this.#failures.cancel(this.#tasks.underWay(), () => this.#errorOf(failure));
    this.#native.close();
    await this.#threads.close().then(this.#reports.emitted);
    this.output.end();
    await this.#drains.wait();
    this.#liveness.closed();
    this.#native.release();
    wasClosed(this);
  }

  /**
   * @param {AbortSignal | undefined} signal
   * @param {boolean} isIn  the task was let in: a pool that drains runs it
   */
  #refusal(signal, isIn) {
    const takes = isIn ? this.#phase !== phases.CLOSED : this.#phase === phases.OPEN;
    if (!takes) return errors.closed();
    return signal === undefined ? undefined : abortOf(signal);
  }

  /** @type {(task: Task, refusal: unknown) => void} */
  #takeBack(task, refusal) {
    // A pool that is closed in Rust knows of no task.
    if (this.#phase === phases.CLOSED) this.#failures.fail(task, () => refusal);
    else this.#failures.cancel([task], () => refusal);
  }

  /** @param {number} id */
  #notTaken(id) {
    const task = this.#tasks.get(id);
    if (task === undefined) return;
    this.#native.cancel(Uint32Array.of(id));
    this.#failures.fail(task, this.#phase === phases.CLOSED ? errors.closed : errors.notTaken);
  }

  /** @type {(what: number, id: number, value: any, workerId: number) => void} */
  #route(what, id, value, workerId) {
    switch (what) {
      case status.RESULT:
      case status.ERROR:
        this.#settle(id, what === status.RESULT, value);
        break;
      case status.BY_PORT: {
        const received = this.#threads.receive(workerId, value);
        this.#settle(id, received.error === undefined, received.error ?? received.value);
        break;
      }
      case status.CLAIM:
        this.#running.post(id, workerId);
        break;
      case status.EXPIRED:
        this.#settle(id, false, this.#running.expire(id, workerId));
        break;
      case status.OUT_OF_MEMORY:
        this.#settle(id, false, errors.outOfMemory());
        break;
      case status.FATAL:
        this.#threads.stop(workerId);
        if (id < NEVER_A_TASK) this.#settle(id, false, value);
        else this.#reports.error(value);
        break;
      case status.ORPHANED:
        this.#running.failOrphan(id, workerId, value, true);
        break;
      case status.THREAD_GONE:
        this.#running.failOrphan(id, workerId, value, false);
        this.#threads.gone(workerId, id);
        break;
      case status.READY:
        this.#threads.ready(workerId);
        this.#readiness.look();
        break;
      case status.LEAVING:
        this.#threads.leaving(workerId);
        break;
      case status.LEFT:
        this.#threads.left(workerId);
        break;
      case status.PROGRESS:
        this.#running.tellProgress(id, workerId, value);
        break;
      case status.VALUE:
        this.#running.tellValue(id, workerId, value);
        break;
      case status.STARTED:
      case status.TIMES:
        this.#observer.told(what, id, workerId, value);
        break;
      case status.OUTPUT:
        this.output.write(id, value);
        break;
    }
  }

  /** @type {(id: number, succeeded: boolean, value: any) => void} */
  #settle(id, succeeded, value) {
    const task = this.#tasks.settle(id);
    if (task === undefined) return; // its result was lost
    if (succeeded) this.#settlement.tellResult(task, value);
    else this.#settlement.tellError(task, value);
  }
}

module.exports = { Dispatcher };
