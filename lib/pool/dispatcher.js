'use strict';

// The main side of a pool: which tasks are under way, how each of them ends, and that each ends
// once. Scheduling is Rust's (src/pool/); what runs the tasks is a subclass of threads.js.

const { isMainThread } = require('node:worker_threads');
const { createRegion } = require('./codec/index.js');
const { NEVER_A_TASK, REGION, status } = require('./protocol.js');
const { AbortSignals } = require('./abort-signals.js');
const { nextTick, setImmediate } = require('./clock.js');
const { Drains } = require('./drains.js');
const { Submission } = require('./submission.js');
const { Results } = require('./results.js');
const { writeOutput } = require('./output.js');
const { native, renewShapes } = require('./native.js');
const errors = require('./errors.js');

// How long a worker looks for a next task before it goes to sleep, in microseconds: about what
// waking it costs. It yields to other threads meanwhile.
const SPIN = 20;

// What native.cancel() answers if the task is settled; else it is less or the number of a worker.
const SETTLED = -1;

class Dispatcher {
  #native;
  #ref;
  #unref;
  #submission;
  #threads;
  #signals = new AbortSignals((id, reason, entry) => {
    // A submission that was broken off may have left its id with the signal.
    if (this.#tasks[id]?.signal === entry) this.#cancel(id, errors.aborted(reason));
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
  #referenced = false;

  #results;
  #deliverMore = () => this.#deliver();

  // Nothing is under way any more: the process may end.
  #resting = false;
  #sleep = () => {
    this.#resting = false;
    if (this.#untold > 0 || this.#closed || !this.#referenced) return;
    this.#unref();
    this.#referenced = false;
    this.#deliver(); // what tasks have written after their replies
  };

  // What fails on this side: told in the next tick, so that no callback runs before its call ends.
  #failures = [];
  #told = 0;
  #telling = false;
  #tellFailures = () => this.#tell();

  completed = 0;
  failed = 0;

  /**
   * @param {{ maxThreads: number, maxQueue: number, processor: object }} options
   * @param {{ emit: (event: string, ...values: unknown[]) => void,
   *   scope: (fn: () => unknown) => unknown }} pool  `scope` calls in the context of the pool
   */
  constructor({ maxThreads, maxQueue, processor }, { emit, scope }) {
    this.#maxQueue = maxQueue;
    this.#maxOutstanding = maxThreads + maxQueue;
    this.emit = emit;
    this.scope = scope;
    const region = createRegion(REGION);
    const inbox = Results.createInbox();
    const { NativePool } = native();
    this.#native = new NativePool(
      region.bytes, inbox.bytes, this.#deliverMore, SPIN, isMainThread);
    renewShapes();
    const { submit, drain, ref, unref } = this.#native.functions();
    const takeAttachments = () => this.#native.takeAttachments();
    const each = () => this.#deliverOne();
    this.#results = new Results(inbox, { drain, takeAttachments, each });
    this.#ref = ref;
    this.#unref = unref;
    const hasPorts = processor.native === undefined;
    const refused = (id) => this.#refused(id);
    this.#submission = new Submission(this.#native, { submit, region, hasPorts, refused });
  }

  get native() { return this.#native; }

  get running() { return this.#native.statistics().running; }

  get queueSize() { return this.#native.statistics().waiting + this.#submission.pending; }

  /** Throws what a thread throws that cannot be started; the pool is closed then. */
  start(threads) {
    this.#threads = threads;
    try {
      threads.start();
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /**
   * Submits a task, which is told how it ends: asynchronously, once.
   *
   * Any call may throw, because the stack is used up. So what is noted together is noted without a
   * call in between, and what is needed later is prepared before. If it throws, nothing is noted.
   */
  submit(value, task, options) {
    const refusal = this.#refuse(options.signal);
    const generation = this.#drains.youngest;
    if (refusal !== undefined) {
      this.#failNew(task, generation, refusal);
      return;
    }
    if (!this.#referenced) {
      this.#sleepSoon();
      this.#ref();
      this.#referenced = true;
    }
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
      this.#failNew(task, generation, this.#closed ? errors.closed() : error);
      return;
    }
    if (this.#tasks[id] !== task) return; // Rust has refused it
    // A getter of the value may have done it, when Rust did not know of the task yet.
    if (this.#closed) this.#tellOf(this.#settled(id), errors.closed());
    else if (options.signal?.aborted) this.#cancel(id, errors.aborted(options.signal.reason));
    else if (demands) this.#threads.demand();
  }

  /** Settles when everything submitted so far is settled and told. */
  drain() {
    return this.#drains.wait();
  }

  /** Fails what is under way and stops all threads; settles when they are gone. */
  async close() {
    this.#closed = true;
    this.#referenced = true;
    this.#ref();
    this.#submission.flush();
    for (let id = 0; id < this.#tasks.length; id++) {
      // One that is settled in Rust has its result in the stream.
      if (this.#tasks[id] === undefined || this.#native.cancel(id) === SETTLED) continue;
      this.#tellOf(this.#settled(id), errors.closed());
    }
    this.#native.close();
    await this.#threads.close();
    this.#native.release();
  }

  /** Fails a task that was settled in Rust without a result. */
  fail(id, error) {
    if (this.#tasks[id] !== undefined) this.#tellOf(this.#settled(id), error);
  }

  /** Fails every task that waits: no thread will ever take it. */
  failWaiting(makeError) {
    this.#submission.flush();
    for (let id = 0; id < this.#tasks.length; id++) {
      if (this.#tasks[id] === undefined || !this.#native.cancelWaiting(id)) continue;
      this.#tellOf(this.#settled(id), makeError());
    }
  }

  #refuse(signal) {
    if (this.#closed) return errors.closed();
    if (signal?.aborted) return errors.aborted(signal.reason);
    return this.#outstanding < this.#maxOutstanding ? undefined : errors.queueFull(this.#maxQueue);
  }

  // Once, to learn of a failure: else a timeout would silently not hold.
  #startTimer() {
    if (this.#timed) return;
    this.#native.startTimer();
    this.#timed = true;
  }

  #cancel(id, error) {
    this.#submission.flush();
    const answer = this.#native.cancel(id);
    if (answer === SETTLED) return; // its result is on the way
    this.#tellOf(this.#settled(id), error);
    if (answer >= 0) this.#threads.stop(answer);
  }

  // A task that is in no table.
  #failNew(task, generation, error) {
    this.#tellOf(task, error);
    task.generation = generation;
    generation.missing++;
    this.#untold++;
    this.#busy = true;
  }

  // Rust has not taken a task that was added.
  #refused(id) {
    if (this.#tasks[id] === undefined) return;
    this.#native.cancel(id);
    this.#tellOf(this.#settled(id), this.#closed ? errors.closed() : errors.notTaken());
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

  #tellOf(task, error) {
    if (!this.#telling) {
      nextTick(this.#tellFailures);
      this.#telling = true;
    }
    this.#failures[this.#failures.length] = { task, error };
  }

  // An exception of a callback interrupts it: the others are told in the next tick.
  #tell() {
    try {
      while (this.#told < this.#failures.length) {
        const { task, error } = this.#failures[this.#told++];
        this.#tellOne(task, false, error);
      }
      this.#failures = [];
      this.#told = 0;
      this.#telling = false;
    } finally {
      if (this.#told > 0) nextTick(this.#tellFailures);
    }
    this.#rest();
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
    if (results.outcome > status.ERROR) this.#deliverOther(results.outcome, results.id);
    else this.#end(results.id, results.outcome === status.RESULT);
  }

  // The task has ended, with the value of the present entry.
  #end(id, succeeded) {
    let value;
    try {
      value = this.#results.value();
    } catch (error) {
      succeeded = false;
      value = errors.outOfMemory(error);
    }
    this.#endWith(id, succeeded, value);
  }

  #endWith(id, succeeded, value) {
    // None if its result was lost.
    if (this.#tasks[id] !== undefined) this.#tellOne(this.#settled(id), succeeded, value);
  }

  // What the threads have sent cannot be read: nobody knows which results it was. The ids of those
  // that are settled in Rust are not used again, because a result may still come.
  #lose(error) {
    for (let id = 0; id < this.#tasks.length; id++) {
      if (this.#tasks[id] === undefined) continue;
      const answer = this.#native.cancel(id);
      this.#tellOf(this.#settled(id), error);
      if (answer === SETTLED) this.#free.length--;
      else if (answer >= 0) this.#threads.stop(answer);
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
    const results = this.#results;
    const { worker } = results;
    switch (outcome) {
      case status.BY_PORT: {
        const { error, value } = this.#threads.receive(worker);
        this.#endWith(id, error === undefined, error ?? value);
        break;
      }
      case status.CLAIM: {
        const port = this.#threads.portOf(worker);
        if (port === undefined) break; // the worker is being stopped
        try {
          this.#submission.deliver(id, port);
        } catch (error) { // a port among the value's was closed meanwhile
          this.#cancel(id, errors.notCloneable('task', error));
        }
        break;
      }
      case status.EXPIRED: {
        this.#threads.stop(worker);
        this.#endWith(id, false, errors.taskTimeout(this.#tasks[id]?.timeout));
        break;
      }
      case status.THREAD_GONE:
        this.#threads.gone(worker, id, results.words());
        break;
      case status.READY:
        this.#threads.ready(worker);
        break;
      case status.OUT_OF_MEMORY:
        this.#endWith(id, false, errors.outOfMemory());
        break;
      case status.FATAL:
        this.#threads.stop(worker);
        if (id < NEVER_A_TASK) this.#end(id, false);
        else this.#threads.tell('error', results.value());
        break;
      case status.OUTPUT:
        writeOutput(id, results.bytes());
        break;
    }
  }

  #rest() {
    if (this.#untold > 0 || !this.#busy) return;
    this.#busy = false;
    this.#sleepSoon();
    this.emit('drain');
  }

  // Not at once: most often a task follows, and both calls take longer than it.
  #sleepSoon() {
    if (!this.#resting) setImmediate(this.#sleep);
    this.#resting = true;
  }
}

module.exports = { Dispatcher };
