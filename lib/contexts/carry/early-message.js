'use strict';

// A message that was taken out of a port before anybody listened. It is delivered as soon as
// somebody does, and before any other.

const { setImmediate } = require('../../node/clock.js');
const { define } = require('./hosts/methods.js');

const LISTENING = ['on', 'once', 'addListener', 'addEventListener'];

class EarlyMessage {
  #port;
  #isHeard;
  #deliver;
  /** @type {{ message: unknown } | undefined} */
  #kept;

  /**
   * @param {any} port
   * @param {unknown} message
   * @param {() => boolean} isHeard  whether somebody listens
   * @param {(message: unknown) => void} deliver
   */
  constructor(port, message, isHeard, deliver) {
    this.#port = port;
    this.#kept = { message };
    this.#isHeard = isHeard;
    this.#deliver = deliver;
    for (const name of LISTENING) this.#watch(name);
    this.#watchOnmessage();
  }

  /** Delivers it, unless that was done. */
  deliver() {
    const kept = this.take();
    if (kept !== undefined) this.#deliver(kept.message);
  }

  /** Gives it to the caller, unless it was delivered. */
  take() {
    const kept = this.#kept;
    if (kept === undefined) return undefined;
    this.#kept = undefined;
    for (const name of [...LISTENING, 'onmessage']) Reflect.deleteProperty(this.#port, name);
    return kept;
  }

  // Not at once: the listener is not there yet.
  #lookSoon() {
    setImmediate(() => {
      if (this.#isHeard()) this.deliver();
    });
  }

  /** @param {string} name */
  #watch(name) {
    const original = this.#port[name];
    const look = () => this.#lookSoon();
    define(this.#port, name, function (...args) {
      if (args[0] === 'message') look();
      return Reflect.apply(original, this, args);
    });
  }

  #watchOnmessage() {
    const look = () => this.#lookSoon();
    // A property of the class on Node.
    const { get, set } = /** @type {Required<PropertyDescriptor>} */ (
      Object.getOwnPropertyDescriptor(Object.getPrototypeOf(this.#port), 'onmessage')
    );
    Object.defineProperty(this.#port, 'onmessage', {
      __proto__: null,
      configurable: true,
      get,
      set(listener) {
        look();
        Reflect.apply(set, this, [listener]);
      },
    });
  }
}

module.exports = { EarlyMessage };
