'use strict';

// What the pool says beside the tasks (node/pool-thread.js). A task that does not let the event
// loop turn hears nothing, so what has come can also be taken by a call.

const { receiveMessageOnPort } = require('node:worker_threads');
const { decode, regionOf } = require('../codec/index.js');
const { messages } = require('../node/pool-thread.js');

/**
 * @typedef {{ kind: string, reason?: Uint8Array<ArrayBuffer> }} Message
 *
 * @typedef {object} Listener
 * @property {(reason: unknown) => void} aborted
 * @property {() => void} ended
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

  /** @param {Message} message */
  #hear({ kind, reason }) {
    if (kind === messages.ABORT) this.#listener.aborted(errorIn(reason));
    else if (kind === messages.END) {
      this.#port.ref();
      this.#listener.ended();
    }
  }
}

/** @param {Uint8Array<ArrayBuffer> | undefined} bytes  `undefined` if they did not fit */
function errorIn(bytes) {
  return bytes === undefined ? undefined : decode(regionOf(bytes.buffer), 0, undefined);
}

module.exports = { Control };
