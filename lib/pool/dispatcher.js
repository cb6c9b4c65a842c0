'use strict';

// The main side of a pool: which tasks are under way, how each of them ends, and that each ends
// once. Scheduling is Rust's (src/pool/); what runs the tasks is a subclass of threads.js.

const { isMainThread } = require('node:worker_threads');
const { createRegion, decode } = require('./codec/index.js');
const { FRAME_HEADER, REGION, status } = require('./protocol.js');
const { decodeAttached } = require('./attachments.js');
const { AbortSignals } = require('./abort-signals.js');
const { nextTick, now, setImmediate } = require('./clock.js');
const { Drains } = require('./drains.js');
const { Submission } = require('./submission.js');
const { native } = require('./native.js');
const errors = require('./errors.js');

// How long a worker looks for a next task before it goes to sleep, in microseconds: about what
// waking it costs. It yields to other threads meanwhile.
const SPIN = 20;

// How long results are delivered before the event loop turns, in ms.
const TURN_BUDGET = 4;

// How many results pass between two looks at the clock.
const RESULTS_PER_LOOK = 32;

// Results that come within so many ms after one another are looked for in each turn of the event
// loop, instead of having workers wake this thread: about what waking costs both of them.
const OFTEN = 0.02;

// What native.cancel() answers if the task is settled; else it is less or the number of a worker.
const SETTLED = -1;

class Dispatcher {
  #native;
  #drain;
  #ref;
  #unref;
  #submission;
  #threads;
  #signals = new AbortSignals((id, reason) => this.#cancel(id, errors.aborted(reason)));
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

  // The stream of results: what of it lies in the inbox, and how far it was read.
  #inbox = createRegion(REGION + FRAME_HEADER);
  #position = 0;
  #length = 0;
  #delivered = 0;
  #deliverMore = () => this.#deliver();

  // Nothing is under way any more: the process may end.
  #resting = false;
  #sleep = () => {
    this.#resting = false;
    if (this.#untold > 0 || this.#closed || !this.#referenced) return;
    this.#unref();
    this.#referenced = false;
  };

  // What fails on this side: told in the next tick, so that no callback runs before its call ends.
  #failures = [];
  #told = 0;
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
    const { NativePool } = native();
    this.#native = new NativePool(
      region.bytes, this.#inbox.bytes, this.#deliverMore, SPIN, isMainThread);
    const { submit, drain, ref, unref } = this.#native.functions();
    this.#drain = drain;
    this.#ref = ref;
    this.#unref = unref;
    const hasPorts = processor.native === undefined;
    this.#submission = new Submission(this.#native, { submit, region, hasPorts });
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

  /** Submits a task, which is told how it ends: asynchronously, once. */
  submit(value, task, options) {
    task.generation = this.#drains.add();
    this.#untold++;
    this.#busy = true;
    const refusal = this.#refuse(options.signal);
    if (refusal !== undefined) {
      this.#tellOf(task, refusal);
      return;
    }
    const id = this.#free.length > 0 ? this.#free.pop() : this.#tasks.length;
    this.#tasks[id] = task;
    const alone = this.#outstanding++ === 0;
    if (!this.#referenced) {
      this.#ref();
      this.#referenced = true;
    }
    task.timeout = options.timeout;
    try {
      if (options.timeout > 0) this.#startTimer();
      if (options.signal !== undefined) task.signal = this.#signals.add(options.signal, id);
      this.#submission.add(id, value, options, alone);
    } catch (error) {
      this.#tellOf(this.#settled(id), error);
      return;
    }
    // A getter of the value may have done it, when Rust did not know of the task yet.
    if (this.#closed) this.#tellOf(this.#settled(id), errors.closed());
    else if (options.signal?.aborted) this.#cancel(id, errors.aborted(options.signal.reason));
    else this.#threads.demand();
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
    this.#tellOf(this.#settled(id), error);
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
    if (this.#outstanding >= this.#maxOutstanding) return errors.queueFull(this.#maxQueue);
    return undefined;
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

  #settled(id) {
    const task = this.#tasks[id];
    this.#tasks[id] = undefined;
    this.#free.push(id);
    this.#outstanding--;
    if (task.signal !== undefined) this.#signals.remove(task.signal, id);
    this.#submission.forget(id);
    return task;
  }

  #tellOf(task, error) {
    if (this.#failures.push({ task, error }) === 1) nextTick(this.#tellFailures);
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
    } finally {
      if (this.#told > 0) nextTick(this.#tellFailures);
    }
    this.#rest();
  }

  // Delivers what is in the stream. An exception of a callback interrupts it: the rest is delivered
  // in the next call.
  #deliver() {
    const started = now();
    const often = this.#outstanding > 0 && started - this.#delivered < OFTEN;
    let interrupted = true;
    try {
      let over = this.#read(started);
      if (often && !over) {
        this.#fill(true);
        this.#read(started);
      }
      while (!often && !over && this.#fill(false)) over = this.#read(started);
      if (often || over) setImmediate(this.#deliverMore);
      interrupted = false;
    } finally {
      if (interrupted) this.#native.ring();
    }
    this.#rest();
  }

  // Fetches what is in the stream. With `poll` no worker wakes this thread for what comes next.
  #fill(poll) {
    this.#position = 0;
    this.#length = this.#drain(poll ? 1 : 0);
    return this.#length > 0;
  }

  // Reads what was fetched. True if the event loop should turn first.
  #read(started) {
    if (this.#position === this.#length) return false;
    this.#delivered = now();
    for (let count = 1; this.#position < this.#length; count++) {
      this.#deliverOne();
      if (count % RESULTS_PER_LOOK === 0 && now() - started > TURN_BUDGET) return true;
    }
    return now() - started > TURN_BUDGET;
  }

  #deliverOne() {
    const { view } = this.#inbox;
    const start = this.#position;
    const end = start + view.getUint32(start, true);
    const id = view.getUint32(start + 4, true);
    const outcome = view.getUint32(start + 8, true);
    this.#position = end;
    if (outcome > status.ERROR) {
      this.#deliverOther(outcome, id, start, end);
      return;
    }
    let succeeded = outcome === status.RESULT;
    let value;
    try {
      value = this.#valueAt(start, end);
    } catch (error) { // memory is exhausted
      succeeded = false;
      value = error;
    }
    this.#end(id, succeeded, value);
  }

  #valueAt(start, end) {
    const position = start + FRAME_HEADER;
    const attached = this.#inbox.view.getUint32(start + 16, true) > 0;
    if (!attached) return decode(this.#inbox, position, undefined);
    const buffers = this.#native.takeAttachments();
    return decodeAttached(buffers, position < end ? this.#inbox : undefined, position);
  }

  #end(id, succeeded, value) {
    this.#tellOne(this.#settled(id), succeeded, value);
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

  #deliverOther(outcome, id, start, end) {
    const worker = this.#inbox.view.getUint32(start + 12, true);
    switch (outcome) {
      case status.BY_PORT: {
        const { error, value } = this.#threads.receive(worker);
        this.#end(id, error === undefined, error ?? value);
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
        this.#end(id, false, errors.taskTimeout(this.#tasks[id].timeout));
        break;
      }
      case status.THREAD_GONE:
        this.#threads.gone(worker, id);
        break;
      case status.READY:
        this.#threads.ready(worker);
        break;
      case status.FATAL:
        this.#threads.dying(worker);
        this.#end(id, false, this.#valueAt(start, end));
        break;
    }
  }

  #rest() {
    if (this.#untold > 0 || !this.#busy) return;
    this.#busy = false;
    // Not at once: most often a task follows, and both calls take longer than it.
    if (!this.#resting) setImmediate(this.#sleep);
    this.#resting = true;
    this.emit('drain');
  }
}

module.exports = { Dispatcher };
