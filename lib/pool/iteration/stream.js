'use strict';

// `pool.stream()`: a task that gives values, one after the other. The consumer has credit for
// `highWaterMark` of them, and grants more when it has taken half as many: so many at most lie
// between the processor and the consumer, wherever they are.

const { aborted, outOfMemory } = require('../../errors/pool.js');
const { messages } = require('../../node/pool-thread.js');
const { Iteration, Outlet } = require('./outlet.js');
const { abortOf } = require('../tasks/abort-signals.js');
const { PlacedTask } = require('../tasks/task.js');

/** @typedef {InstanceType<typeof import('../dispatcher.js').Dispatcher>} Dispatcher */
/** @typedef {import('./options.js').StreamOptions} StreamOptions */

/** How far the task is. */
const phases = Object.freeze({
  SUBMITTED: 'submitted', // no thread has said that it runs
  RUNNING: 'running', // one has
  UNWANTED: 'unwanted', // the consumer has stopped before, and the thread is told when it says so
  STOPPING: 'stopping', // the thread was told that the consumer has stopped
  SETTLED: 'settled', // it has ended
});

// How the thread knows which one a grant is for.
let latest = 0;

class Stream {
  #dispatcher;
  #signal;
  #task;
  #outlet;
  #number = ++latest;
  /** @type {string} */
  #phase = phases.SUBMITTED;
  #granted; // at once
  #credits; // of the thread, without those of what has come. Infinity if it needs none to end
  #expected = 0; // so many values have come that were not received
  /** @type {{ resolve: (value?: any) => void, reject: (error: unknown) => void } | undefined} */
  #stop;
  /** @type {unknown}  what it fails with, if the consumer has stopped before it ran */
  #withdrawal;
  /** @type {number | undefined}  the worker that runs it, once that is known */
  workerId = undefined;

  /**
   * @param {Dispatcher} dispatcher
   * @param {unknown} value  of the task
   * @param {StreamOptions} options
   * @param {Function} hidden  whose call the errors begin at
   */
  constructor(dispatcher, value, { highWaterMark, task: options }, hidden) {
    this.#dispatcher = dispatcher;
    this.#signal = options.signal;
    this.#granted = Math.ceil(highWaterMark / 2);
    this.#credits = highWaterMark + 1; // the first value says that it runs
    const grant = () => this.#grant();
    const feed = { asked: grant, taken: grant, stop: () => this.#end() };
    this.#outlet = new Outlet(feed, hidden);
    this.values = new Iteration(this.#outlet);
    this.#task = new PlacedTask(
      (result) => this.#succeed(result),
      (error) => this.#fail(error),
      this,
    );
    /** @type {import('../tasks/options.js').Exported} */
    const exported = {
      name: undefined,
      attempt: 1,
      ...options.exported,
      spread: false,
      stream: [this.#number, highWaterMark],
    };
    dispatcher.dispatch(value, this.#task, { ...options, exported });
  }

  /**
   * @param {number} workerId
   * @param {{ value: unknown } | undefined} told
   */
  receive(workerId, told) {
    this.workerId = workerId;
    if (this.#expected > 0) this.#expected--;
    else this.#credits--;
    if (this.#phase === phases.SUBMITTED) {
      this.#phase = phases.RUNNING;
    } else if (this.#phase === phases.UNWANTED) {
      this.#sayStop();
    } else if (told !== undefined) {
      this.#outlet.put(told.value);
    } else {
      this.#dispatcher.cancel([this.#task], () => outOfMemory());
    }
  }

  /**
   * A value has come, which is received later: nothing of the program may run now.
   *
   * @param {number} workerId
   */
  expect(workerId) {
    this.workerId = workerId;
    this.#expected++;
    this.#credits--;
    if (this.#phase === phases.UNWANTED) this.#sayStop();
  }

  /** It has ended, and is told later. */
  expectEnd() {
    this.#credits = Infinity;
  }

  /** Whether it ends only if its consumer takes a value, or stops. */
  get isHeldUp() {
    return this.#credits <= 0;
  }

  // Also when the consumer asks, because the stack may be used up when it has got a value.
  #grant() {
    const { taken } = this.#outlet; // since the last grant
    if (taken < this.#granted || this.#phase !== phases.RUNNING) return;
    this.#say({ kind: messages.GRANT, credits: taken });
    this.#credits += taken;
    this.#outlet.taken = 0;
  }

  /**
   * The consumer has stopped: settles when the task has ended, with the error of that. One that has
   * come already was of a value for which the consumer never asked.
   */
  #end() {
    if (this.#phase === phases.SETTLED) return undefined;
    if (this.#phase === phases.RUNNING) {
      this.#sayStop();
    } else {
      this.#phase = phases.UNWANTED;
      this.#dispatcher.cancel([this.#task], () => (this.#withdrawal = aborted(undefined)), true);
    }
    return new Promise((resolve, reject) => {
      this.#stop = { resolve, reject };
    });
  }

  #sayStop() {
    this.#say({ kind: messages.STOP });
    this.#phase = phases.STOPPING;
    this.#credits = Infinity;
  }

  /** @param {{ kind: string, credits?: number }} message */
  #say(message) {
    const workerId = /** @type {number} */ (this.workerId); // from RUNNING on
    this.#dispatcher.say(workerId, { ...message, number: this.#number });
  }

  /** @param {unknown} value  what the generator has returned */
  #succeed(value) {
    this.#phase = phases.SETTLED;
    this.#outlet.complete({ failed: false, value });
    this.#stop?.resolve();
  }

  #isAborted() {
    return this.#signal !== undefined && abortOf(this.#signal) !== undefined;
  }

  /** @param {unknown} error */
  #isWithdrawn(error) {
    return this.#withdrawal !== undefined && error === this.#withdrawal;
  }

  /** @param {unknown} error */
  #fail(error) {
    // The consumer has stopped before it ran, or has aborted it.
    const isWanted = this.#isWithdrawn(error) || this.#isAborted();
    this.#phase = phases.SETTLED;
    this.#outlet.complete({ failed: true, value: error }, isWanted);
    if (isWanted) this.#stop?.resolve();
    else this.#stop?.reject(this.#outlet.place(error));
  }
}

module.exports = { Stream };
