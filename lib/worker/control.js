'use strict';

// What the pool says beside the tasks (node/pool-thread.js). A task that does not let the event
// loop turn hears nothing, so what has come can also be taken by a call.

const { receiveMessageOnPort } = require('node:worker_threads');
const { bytesOfError, errorOfBytes } = require('../codec/error-bytes.js');
const { now } = require('../node/clock.js');
const { messages } = require('../node/pool-thread.js');

/**
 * @typedef {{ kind: string, lane: number, reason?: Uint8Array<ArrayBuffer>, number: number,
 *   credits: number, value: unknown }} Message  with what belongs to its kind
 *
 * @typedef {object} Listener
 * @property {(lane: number, reason: unknown) => void} [aborted]
 * @property {(stream: number, credits: number) => void} [granted]
 * @property {(stream: number) => void} [stopped]
 * @property {() => void} [ended]
 * @property {(message: Message) => void} broadcast
 */

class Control {
  #port;
  #listener;

  /**
   * @param {import('node:worker_threads').MessagePort} port
   * @param {Listener} listener
   */
  constructor(port, listener) {
    this.#port = port;
    this.#listener = listener;
    port.on('message', (message) => this.#hear(message));
    port.unref();
  }

  /** Hears what has come and was not heard yet. */
  take() {
    let received = receiveMessageOnPort(this.#port);
    for (; received !== undefined; received = receiveMessageOnPort(this.#port)) {
      this.#hear(received.message);
    }
  }

  /**
   * Tells the pool, which looks when it ends the thread, that it does so by END.
   *
   * @param {boolean} tearsDown  the thread stays until then, to tear down
   */
  announce(tearsDown) {
    this.#port.postMessage({ tearsDown });
    if (tearsDown) this.#port.ref();
  }

  /**
   * What has become of a broadcast.
   *
   * @param {import('../pool/threads/control.js').Answer} answer
   */
  answer(answer) {
    this.#port.postMessage(answer);
  }

  /**
   * The thread ends by this error of its setup or its teardown.
   *
   * @param {Error} error
   */
  fail(error) {
    this.#port.postMessage({ failure: bytesOfError(error) });
  }

  /** @param {Message} message */
  #hear(message) {
    switch (message.kind) {
      case messages.ABORT:
        this.#listener.aborted?.(message.lane, errorOfBytes(message.reason));
        break;
      case messages.GRANT:
        this.#listener.granted?.(message.number, message.credits);
        break;
      case messages.STOP:
        this.#listener.stopped?.(message.number);
        break;
      case messages.END:
        this.#port.ref();
        this.#listener.ended?.();
        break;
      case messages.MEASURE: {
        const { memory } = require('./memory.js');
        this.#port.postMessage({ memory: memory(), at: now() });
        break;
      }
      case messages.BROADCAST:
        this.#listener.broadcast(message);
        break;
    }
  }
}

module.exports = { Control };
