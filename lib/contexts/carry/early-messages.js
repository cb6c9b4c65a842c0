'use strict';

// Messages that were taken out of a port before anybody listened. They are delivered as soon as
// somebody does, and before any other.

const { setImmediate } = require('../../node/clock.js');
const { define } = require('./hosts/methods.js');

const LISTENING = ['on', 'once', 'addListener', 'addEventListener'];

class EarlyMessages {
  #port;
  #isHeard;
  #deliver;
  #kept;

  /**
   * @param {any} port
   * @param {unknown[]} messages  in their order
   * @param {() => boolean} isHeard  whether somebody listens
   * @param {(message: unknown) => void} deliver
   */
  constructor(port, messages, isHeard, deliver) {
    this.#port = port;
    this.#kept = messages;
    this.#isHeard = isHeard;
    this.#deliver = deliver;
    for (const name of LISTENING) this.#watch(name);
    this.#watchOnmessage();
  }

  /** Delivers those that are left. */
  deliver() {
    for (let next = this.take(); next !== undefined; next = this.take()) {
      try {
        this.#deliver(next.message);
      } catch (error) {
        this.#lookSoon(); // for the others
        throw error;
      }
    }
  }

  /** Gives the next one to the caller, if one is left. */
  take() {
    if (this.#kept.length === 0) return undefined;
    const [message] = this.#kept.splice(0, 1);
    if (this.#kept.length === 0) {
      for (const name of [...LISTENING, 'onmessage']) Reflect.deleteProperty(this.#port, name);
    }
    return { message };
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

module.exports = { EarlyMessages };
