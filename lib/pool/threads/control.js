'use strict';

// What is said to a thread of a JavaScript processor beside its tasks, and what it answers
// (node/pool-thread.js).

const { MessagePort, receiveMessageOnPort } = require('node:worker_threads');
const { bytesOfError, errorOfBytes } = require('../../codec/error-bytes.js');
const { messages } = require('../../node/pool-thread.js');

// As they are now: a program may put something else in their place.
const { apply } = Reflect;
const { close, on, postMessage, unref } = MessagePort.prototype; // of Deno's, some are their own

/** How long a thread may tear down, in ms. */
const TEARDOWN_LIMIT = 5000;

// How old the figure of a thread's memory may be, in ms, without being asked for again, which takes
// as long as all else in stats().
const MEMORY_LASTS = 100;

/**
 * @typedef {object} Answer  to a broadcast
 * @property {number} number
 * @property {Uint8Array<ArrayBuffer>} [failed]  what it threw
 * @property {Uint8Array<ArrayBuffer>} [refused]  why it cannot be called
 *
 * @typedef {(answer: Answer) => void} Answered
 *
 * @typedef {{ memory: number, at: number }} Memory  in bytes, and when that was (node/clock.js)
 *
 * @typedef {{ kind: string, number: number, credits?: number }} OfStream
 */

class Control {
  #port;
  /** @type {{ tearsDown: boolean } | undefined} */
  #announced;
  /** @type {Answered | undefined} */
  #answered;

  /** @type {Memory | undefined}  that it has told last */
  #memory;
  #isAsked = false; // how much it has

  /** @type {{ error: unknown } | undefined}  what its setup or its teardown has thrown */
  #failure;
  /** @type {string | undefined}  that has ended the process of the thread */
  #signal;
  #exitCode = 1; // that of a thread which was stopped, and tells none

  /** @param {MessagePort} port */
  constructor(port) {
    this.#port = port;
  }

  /**
   * The task that the lane of this index runs was aborted. Without a reason, as one that is too
   * large, it learns only that.
   *
   * @param {number} lane
   * @param {unknown} reason
   */
  abort(lane, reason) {
    const message = { kind: messages.ABORT, lane, reason: bytesOfError(reason) };
    apply(postMessage, this.#port, [message]);
  }

  /**
   * The thread calls the export for it. `answered` must not hold the pool.
   *
   * @param {import('./broadcasts.js').Message} message
   * @param {Answered} answered
   */
  broadcast(message, answered) {
    if (this.#answered === undefined) {
      this.#answered = answered;
      const hear = (/** @type {any} */ heard) => this.#hear(heard);
      apply(on ?? this.#port.on, this.#port, ['message', hear]);
      apply(unref ?? this.#port.unref, this.#port, []);
    }
    apply(postMessage, this.#port, [message]);
  }

  /**
   * What the consumer of a stream has to say to it.
   *
   * @param {OfStream} message
   */
  say(message) {
    apply(postMessage, this.#port, [message]);
  }

  /**
   * How much memory the thread has, as far as it has told. If that is old it is asked, for a later
   * call, and answers when its event loop turns.
   *
   * @param {number} time  as it is now
   */
  memory(time) {
    this.#take();
    const isOld = this.#memory === undefined || time - this.#memory.at > MEMORY_LASTS;
    if (isOld && !this.#isAsked) {
      apply(postMessage, this.#port, [{ kind: messages.MEASURE }]);
      this.#isAsked = true;
    }
    return this.#memory;
  }

  /**
   * The thread shall end: by itself, within `milliseconds`, which is 0 if it would not.
   *
   * @param {number} aborted  how long the task may take that it runs; 0 for none
   */
  end(aborted) {
    this.#take();
    // Before it announces it, the thread takes no tasks.
    if (this.#announced === undefined) return { milliseconds: 0, tearsDown: false };
    const { tearsDown } = this.#announced;
    const milliseconds = aborted + (tearsDown ? TEARDOWN_LIMIT : 0);
    if (milliseconds > 0) apply(postMessage, this.#port, [{ kind: messages.END }]);
    return { milliseconds, tearsDown };
  }

  /** That of the thread, which has ended. */
  get exitCode() {
    this.#take();
    return this.#exitCode;
  }

  /**
   * By which the process of the thread, which has ended, was ended. Not for a thread without one.
   */
  get signal() {
    this.#take();
    return this.#signal;
  }

  /** What the setup or the teardown of the thread has thrown, once this is closed. */
  get failure() {
    return this.#failure;
  }

  /** The thread ends its process at once, and then itself. */
  terminate() {
    apply(postMessage, this.#port, [{ kind: messages.KILL }]);
  }

  /** The thread has ended. Hears what it has still said. */
  close() {
    this.#take();
    apply(close, this.#port, []);
  }

  #take() {
    let received = receiveMessageOnPort(this.#port);
    for (; received !== undefined; received = receiveMessageOnPort(this.#port)) {
      this.#hear(received.message);
    }
  }

  /**
   * @param {{ tearsDown: boolean } | { exitCode: number } | { signal: string } | Memory
   *   | { failure: Uint8Array<ArrayBuffer> | undefined } | Answer} message
   */
  #hear(message) {
    if ('tearsDown' in message) this.#announced = message;
    else if ('memory' in message) {
      this.#memory = message;
      this.#isAsked = false;
    } else if ('exitCode' in message) this.#exitCode = message.exitCode;
    else if ('signal' in message) this.#signal = message.signal;
    else if ('failure' in message) this.#fail(errorOfBytes(message.failure));
    else this.#answered?.(message);
  }

  /** @param {unknown} error  `undefined` if it was too large */
  #fail(error) {
    if (error !== undefined) this.#failure = { error };
  }
}

module.exports = { Control, TEARDOWN_LIMIT };
