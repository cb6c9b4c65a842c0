'use strict';

// `pool.stream()`: a task that gives values, one after the other. The consumer has credit for
// `highWaterMark` of them, and grants more when it has taken half as many: so many at most lie
// between the processor and the consumer, wherever they are.

const { aborted, outOfMemory } = require('../../errors/pool.js');
const { messages } = require('../../node/pool-thread.js');
const { Iteration, Outlet } = require('./outlet.js');
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
  #taken = 0; // since the last grant
  /** @type {{ resolve: (value?: any) => void, reject: (error: unknown) => void } | undefined} */
  #stop;
  /** @type {unknown}  what it fails with, if the consumer has stopped before it ran */
  #withdrawal;

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
    const feed = { asked() {}, taken: () => this.#grant(), stop: () => this.#end() };
    this.#outlet = new Outlet(feed, hidden);
    this.values = new Iteration(this.#outlet);
    this.#task = new PlacedTask(
      (result) => this.#succeed(result),
      (error) => this.#fail(error),
      (workerId, told) => this.#receive(workerId, told),
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
  #receive(workerId, told) {
    this.#task.workerId = workerId;
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

  #grant() {
    if (++this.#taken < this.#granted || this.#phase !== phases.RUNNING) return;
    this.#say({ kind: messages.GRANT, credits: this.#taken });
    this.#taken = 0;
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
    this.#phase = phases.STOPPING;
    this.#say({ kind: messages.STOP });
    this.#task.isStopped = true;
  }

  /** @param {{ kind: string, credits?: number }} message */
  #say(message) {
    const workerId = /** @type {number} */ (this.#task.workerId); // from RUNNING on
    this.#dispatcher.say(workerId, { ...message, number: this.#number });
  }

  /** @param {unknown} value  what the generator has returned */
  #succeed(value) {
    this.#phase = phases.SETTLED;
    this.#outlet.complete({ failed: false, value });
    this.#stop?.resolve();
  }

  /** @param {unknown} error */
  #isWithdrawn(error) {
    return this.#withdrawal !== undefined && error === this.#withdrawal;
  }

  /** @param {unknown} error */
  #fail(error) {
    // The consumer has stopped before it ran, or has aborted it.
    const isWanted = this.#isWithdrawn(error) || this.#signal?.aborted === true;
    this.#phase = phases.SETTLED;
    this.#outlet.complete({ failed: true, value: error }, isWanted);
    if (isWanted) this.#stop?.resolve();
    else this.#stop?.reject(this.#outlet.place(error));
  }
}

module.exports = { Stream };
