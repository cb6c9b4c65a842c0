'use strict';

// The main side of a pool: which tasks are under way, how each of them ends, and that each ends
// once. Scheduling is Rust's (src/pool/); what runs the tasks is a subclass of threads.js.
//
// Any call may throw, because the stack is used up. So what is noted together is noted without a
// call in between, and what is needed later is prepared before.

const { isMainThread } = require('node:worker_threads');
const { createRegion } = require('../codec/index.js');
const { SETTLED } = require('../wire/answer.js');
const { NEVER_A_TASK, REGION } = require('../wire/packet.js');
const status = require('../wire/status.js');
const { AbortSignals } = require('./abort-signals.js');
const { Cancellations } = require('./cancellations.js');
const { nextTick, setImmediate } = require('../node/clock.js');
const { Drains } = require('./drains.js');
const { Failures } = require('./failures.js');
const { Submission } = require('./submission.js');
const { Results } = require('./results.js');
const { writeOutput } = require('./output.js');
const { native, renewShapes } = require('../codec/native.js');
const { Hold, closeDropped, wasClosed, weakly } = require('./ownership.js');
const errors = require('../errors/pool.js');
const { captureStack, lackStack, setStack } = require('../errors/coded.js');

// How long an idle worker looks for a task before it sleeps, in us: about what waking it costs.
const SPIN = 20;

class Dispatcher {
  #native;
  #submission;
  #threads;
  #signals = new AbortSignals((ids, reason, entry) => {
    // A submission that was broken off may have left its id with the signal.
    const waiting = ids.filter((id) => this.#tasks[id]?.signal === entry);
    this.#cancel(waiting, () => errors.aborted(reason));
  });
  #maxQueue;
  #maxOutstanding;
  #closed = false;
  #timed = false;

  #tasks = [];
  #free = [];
  #outstanding = 0; // not settled
  #untold = 0; // those, and those that are settled and do not know it yet
  #drains = new Drains();
  #busy = false; // since the last 'drain'

  #hold;
  #results;
  #deliverMore = () => this.#deliver();
  static #deliverTo = (dispatcher) => dispatcher.#deliver();

  #failures;
  #cancellations = new Cancellations({
    note: (id, makeError, batch) => this.#noteCancelled(id, makeError, batch),
    stop: (worker) => this.#threads.stop(worker),
  });

  // Emitting 'drain' runs code of others: neither in the middle of a task's end nor in a microtask.
  #restLater = () => this.#rest();

  completed = 0;
  failed = 0;

  /**
   * @param {{ maxThreads: number, maxQueue: number, processor: object,
   *   asyncStackTraces: boolean }} options
   * @param {{ emit: (event: string, ...values: unknown[]) => void,
   *   scope: (fn: () => unknown) => unknown }} pool  `scope` calls in the context of the pool
   */
  constructor({ maxThreads, maxQueue, processor, asyncStackTraces }, { emit, scope }) {
    this.#maxQueue = maxQueue;
    this.#maxOutstanding = maxThreads + maxQueue;
    this.emit = emit;
    this.scope = scope;
    const region = createRegion(REGION);
    const inbox = Results.createInbox();
    const { NativePool } = native();
    const deliver = weakly(this, Dispatcher.#deliverTo);
    this.#native = new NativePool(region.bytes, inbox.bytes, deliver, SPIN, isMainThread);
    renewShapes();
    const { submit, drain, ref, unref } = this.#native.functions();
    this.#results = new Results(inbox, {
      drain,
      takeAttachments: () => this.#native.takeAttachments(),
      each: () => this.#deliverOne(),
    });
    this.#hold = new Hold(this, {
      ref,
      unref,
      isNeeded: () => this.#untold > 0 || this.#closed,
      ended: this.#deliverMore, // what tasks have written after their replies
    });
    this.#failures = new Failures({
      asyncStackTraces,
      prepare: () => this.#cancellations.finish(),
      tell: (task, error) => this.#tellOne(task, false, error),
      rest: () => { if (this.#untold === 0) nextTick(this.#restLater); },
    });
    const hasPorts = processor.native === undefined;
    this.#submission = new Submission(this.#native, {
      submit, region, hasPorts, refused: (id) => this.#refused(id),
    });
  }

  get native() { return this.#native; }
  get running() { return this.#native.statistics().running; }
  get queueSize() { return this.#native.statistics().waiting + this.#submission.pending; }

  /**
   * Throws what a thread throws that cannot be started; the pool is closed then. The errors of this
   * and of the other methods begin at the call of `hidden`.
   */
  start(threads, hidden) {
    this.#threads = threads;
    closeDropped(this, this.#native, threads);
    try {
      threads.start();
    } catch (error) { // Node's, of options that are for its Worker
      this.close(hidden);
      throw captureStack(lackStack(error), hidden);
    }
  }

  /** Submits a task, which is told how it ends: later, once. If this throws, nothing is noted. */
  submit(value, task, options, hidden) {
    this.#failures.trace(task, hidden);
    const refusal = this.#refuse(options.signal);
    const generation = this.#drains.youngest;
    if (refusal !== undefined) {
      return this.#failNew(task, generation, captureStack(refusal, hidden));
    }
    this.#hold.take();
    const demands = this.#threads.mayDemand();
    const free = this.#free.length;
    const id = free > 0 ? this.#free[free - 1] : this.#tasks.length;
    const alone = this.#outstanding === 0;
    if (free > 0) this.#free.length = free - 1;
    this.#tasks[id] = task;
    this.#outstanding++;
    this.#untold++;
    this.#busy = true;
    generation.missing++;
    task.generation = generation;
    task.timeout = options.timeout;
    try {
      if (options.timeout > 0) this.#startTimer();
      if (options.signal !== undefined) task.signal = this.#signals.add(options.signal, id);
      this.#submission.add(id, value, options, alone);
    } catch (error) {
      this.#tasks[id] = undefined;
      this.#free[this.#free.length] = id;
      this.#outstanding--;
      this.#untold--;
      generation.missing--;
      this.#forget(task, id);
      this.#failNew(
        task, generation, captureStack(this.#closed ? errors.closed() : error, hidden));
      return;
    }
    if (this.#tasks[id] !== task) return; // Rust has refused it
    // A getter of the value may have done it, when Rust did not know of the task yet.
    if (this.#closed || options.signal?.aborted) this.#takeBack(id, options.signal, hidden);
    else if (demands) this.#threads.demand();
  }

  /** Settles when everything submitted so far is settled and told. */
  drain() {
    return this.#drains.wait();
  }

  /** Fails what is under way and stops all threads; settles when they are gone. */
  async close(hidden) {
    this.#closed = true;
    this.#hold.take();
    const example = captureStack(errors.closed(), hidden); // all of them have its stack
    this.#cancel(this.#underWay(), () => {
      const error = errors.closed();
      return this.#failures.traced ? error : setStack(error, example.stack);
    });
    this.#native.close();
    await this.#threads.close();
    await this.#drains.wait();
    this.#hold.end();
    this.#native.release();
    wasClosed(this);
  }

  /** Fails a task that was settled in Rust without a result. */
  fail(id, error) {
    if (this.#tasks[id] !== undefined) this.#failures.add(this.#settled(id), () => error);
  }

  /** Fails every task that waits: no thread will ever take it. */
  failWaiting(makeError) {
    this.#cancel(this.#underWay(), makeError, 'cancelWaiting');
  }

  #underWay() {
    const ids = [];
    for (let id = 0; id < this.#tasks.length; id++) {
      if (this.#tasks[id] !== undefined) ids[ids.length] = id;
    }
    return ids;
  }

  #refuse(signal) {
    if (this.#closed) return errors.closed();
    if (signal?.aborted) return errors.aborted(signal.reason);
    return this.#outstanding < this.#maxOutstanding ? undefined : errors.queueFull(this.#maxQueue);
  }

  #takeBack(id, signal, hidden) {
    const refusal = captureStack(this.#refuse(signal), hidden);
    if (this.#closed) this.#failures.add(this.#settled(id), () => refusal);
    else this.#cancel([id], () => refusal);
  }

  // Once, to learn of a failure: else a timeout would silently not hold.
  #startTimer() {
    if (this.#timed) return;
    this.#native.startTimer();
    this.#timed = true;
  }

  // All of them at once, and only then is anybody told: none is started meanwhile.
  #cancel(list, makeError, method = 'cancel') {
    this.#submission.flush();
    const ids = Uint32Array.from(list);
    this.#failures.prepare();
    this.#cancellations.add(ids, this.#native[method](ids), makeError);
  }

  // Between the first call and the last there is none: either all is noted or nothing.
  #noteCancelled(id, makeError, batch) {
    const task = this.#tasks[id];
    this.#failures.add(task, makeError);
    this.#tasks[id] = undefined;
    this.#free[this.#free.length] = id;
    this.#outstanding--;
    batch.noted++;
    this.#forget(task, id);
  }

  // A task that is in no table.
  #failNew(task, generation, error) {
    this.#failures.add(task, () => error);
    task.generation = generation;
    generation.missing++;
    this.#untold++;
    this.#busy = true;
  }

  // Rust has not taken a task that was added.
  #refused(id) {
    if (this.#tasks[id] === undefined) return;
    this.#native.cancel(Uint32Array.of(id));
    const makeError = this.#closed ? errors.closed : errors.notTaken;
    this.#failures.add(this.#settled(id), makeError);
  }

  #settled(id) {
    const task = this.#tasks[id];
    this.#tasks[id] = undefined;
    this.#free[this.#free.length] = id;
    this.#outstanding--;
    this.#forget(task, id);
    return task;
  }

  #forget(task, id) {
    if (task.signal !== undefined) this.#signals.remove(task.signal, id);
    this.#submission.forget(id);
  }

  // An exception of a callback interrupts it: the rest is delivered in the next call, and what has
  // thrown is not delivered again.
  #deliver() {
    let interrupted = true;
    try {
      if (this.#results.deliver(this.#outstanding > 0)) setImmediate(this.#deliverMore);
      interrupted = false;
    } finally {
      if (interrupted) this.#native.ring();
    }
    this.#rest();
  }

  #deliverOne() {
    const results = this.#results;
    try {
      results.next();
    } catch (error) {
      return this.#lose(error);
    }
    if (results.status > status.ERROR) this.#deliverOther(results.status, results.id);
    else this.#end(results.id, results.status === status.RESULT);
  }

  // The task has ended, with the value of the present entry.
  #end(id, succeeded) {
    let value;
    try {
      value = this.#results.value();
      if (!succeeded) errors.fromThread(value);
    } catch (error) {
      succeeded = false;
      value = errors.outOfMemory(error);
    }
    this.#endWith(id, succeeded, value);
  }

  #endWith(id, succeeded, value) {
    if (this.#tasks[id] === undefined) return; // its result was lost
    const task = this.#settled(id);
    if (succeeded) this.#tellOne(task, true, value);
    else this.#failures.fail(task, value);
  }

  // What the threads have sent cannot be read: nobody knows which results it was. The ids of those
  // that are settled in Rust are not used again, because a result may still come.
  #lose(cause) {
    const ids = Uint32Array.from(this.#underWay());
    const answers = this.#native.cancel(ids);
    for (let i = 0; i < ids.length; i++) {
      this.#failures.add(this.#settled(ids[i]), () => errors.unreadable(cause));
      if (answers[i] === SETTLED) this.#free.length--;
      else if (answers[i] >= 0) this.#threads.stop(answers[i]);
    }
  }

  #tellOne(task, succeeded, value) {
    this.#untold--;
    try {
      if (succeeded) {
        this.completed++;
        task.succeed(value);
      } else {
        this.failed++;
        task.fail(value);
      }
    } finally {
      this.#drains.done(task.generation);
    }
  }

  #deliverOther(outcome, id) {
    const { workerId } = this.#results;
    switch (outcome) {
      case status.BY_PORT: {
        const { error, value } = this.#threads.receive(workerId);
        this.#endWith(id, error === undefined, error ?? value);
        break;
      }
      case status.CLAIM: {
        const port = this.#threads.portOf(workerId);
        if (port === undefined) break; // the worker is being stopped
        try {
          this.#submission.deliver(id, port);
        } catch (error) { // a port among the value's was closed meanwhile
          this.#cancel([id], () => errors.notCloneable('task', error));
        }
        break;
      }
      case status.EXPIRED:
        this.#threads.stop(workerId);
        this.#endWith(id, false, errors.taskTimeout(this.#tasks[id]?.timeout));
        break;
      case status.THREAD_GONE:
        this.#threads.gone(workerId, id, this.#results.words());
        break;
      case status.READY:
        this.#threads.ready(workerId);
        break;
      case status.OUT_OF_MEMORY:
        this.#endWith(id, false, errors.outOfMemory());
        break;
      case status.FATAL:
        this.#threads.stop(workerId);
        if (id < NEVER_A_TASK) this.#end(id, false);
        else this.#threads.tell('error', this.#results.value());
        break;
      case status.OUTPUT:
        writeOutput(id, this.#results.bytes());
        break;
    }
  }

  #rest() {
    if (this.#untold > 0 || !this.#busy) return;
    this.#busy = false;
    this.#hold.releaseSoon();
    this.emit('drain');
  }
}

module.exports = { Dispatcher };
