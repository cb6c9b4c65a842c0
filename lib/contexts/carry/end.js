'use strict';

// One end of a connection between threads on which carry() was called: what it posts, and what
// arrives.

const { receiveMessageOnPort, parentPort } = require('node:worker_threads');
const { captureStack } = require('../../errors/coded.js');
const { endedPlain, notGreeted, otherEndIsPlain } = require('../../errors/contexts.js');
const { findNotCloneable } = require('../cloneable.js');
const { enterOnly } = require('../context.js');
const { EarlyMessages } = require('./early-messages.js');
const { isSealed, kind, open, seal, toSend } = require('./envelope.js');
const { attach } = require('./hosts/index.js');
const { define } = require('./hosts/methods.js');

/** @typedef {import('../context.js').Context} Context */
/** @typedef {import('./envelope.js').Envelope} Envelope */
/** @typedef {(message: unknown) => unknown} Deliver  has the listeners called */

/** What is known of the other end. */
const other = Object.freeze({
  /** Nothing has come from it. It may not be there yet: what is posted waits for its carry(). */
  UNKNOWN: 0,
  /** It has called carry(). */
  CARRIES: 1,
  /** It has posted a message and has not called carry(): it does not understand an envelope. */
  PLAIN: 2,
});

class End {
  #port;
  #post;
  #host;
  /** @type {number} */
  #other = other.UNKNOWN;
  /**
   * What is posted; `undefined` until carry() was given a list.
   *
   * @type {readonly Context[] | undefined}
   */
  #listed;
  /**
   * What the other end has posted by its carry().
   *
   * @type {Envelope | undefined}
   */
  #greeting;
  /** Messages that were posted before anything came from the other end. */
  #unanswered = 0;
  /** @type {EarlyMessages | undefined} */
  #early;

  /** @param {any} port */
  constructor(port) {
    this.#port = port;
    this.#post = port.postMessage;
    this.#host = attach(port, {
      arrived: (data, deliver) => this.#arrived(data, deliver),
      ended: () => this.#ended(),
    });
    this.#replacePostMessage();
    if (port === parentPort) this.#takeGreeting();
  }

  /**
   * carry() was called, which the other end is told.
   *
   * @param {readonly Context[] | undefined} contexts
   */
  greet(contexts) {
    if (contexts !== undefined) {
      const names = new Set(contexts.map(({ name }) => name));
      const before = this.#listed ?? [];
      this.#listed = [...before.filter(({ name }) => !names.has(name)), ...contexts];
    }
    this.#send(kind.GREETING, [undefined]);
  }

  /**
   * Calls `fn` in the contexts in which the other end has called carry().
   *
   * @param {() => any} fn
   */
  run(fn) {
    if (this.#greeting === undefined) throw notGreeted();
    return this.#enter(this.#greeting, fn);
  }

  /**
   * The next message, if there is one, and what calls a function in its contexts.
   *
   * @returns {{ message: unknown, run: (fn: () => any) => any } | undefined}
   */
  receive() {
    for (;;) {
      const received = this.#early?.take() ?? receiveMessageOnPort(this.#port);
      if (received === undefined) return undefined;
      const envelope = this.#read(received.message);
      if (envelope === undefined) return { message: received.message, run: (fn) => fn() };
      if (envelope.kind === kind.MESSAGE) {
        return { message: envelope.value, run: (fn) => this.#enter(envelope, fn) };
      }
    }
  }

  // It is the first message, if the Worker was given to carry() as soon as it was made. The
  // program then has its context before it listens. Otherwise messages come first that are to be
  // delivered later; and if all of those have come, it knows what may be posted.
  #takeGreeting() {
    const { deliver, isHeard } = this.#host;
    const messages = [];
    for (;;) {
      const received = this.#next();
      if (received === undefined) break;
      if (isSealed(received.message)) {
        this.#handOver(received.message, deliver);
        break;
      }
      messages.push(received.message);
    }
    if (messages.length === 0) return;
    this.#early = new EarlyMessages(this.#port, messages, isHeard, (early) =>
      this.#handOver(early, deliver),
    );
  }

  // Deno's parentPort is no port to it: there, the greeting comes as an event.
  #next() {
    try {
      return receiveMessageOnPort(this.#port);
    } catch {
      return undefined;
    }
  }

  #replacePostMessage() {
    const end = this;
    define(this.#port, 'postMessage', function postMessage(...args) {
      // Without a message it is Node's to refuse.
      if (this !== end.#port || args.length === 0) return Reflect.apply(end.#post, this, args);
      try {
        return end.#send(kind.MESSAGE, args);
      } catch (error) {
        throw captureStack(error, postMessage);
      }
    });
  }

  /**
   * @param {string} what
   * @param {unknown[]} args  of postMessage()
   */
  #send(what, [value, ...rest]) {
    if (what === kind.MESSAGE && this.#other === other.PLAIN) throw otherEndIsPlain();
    const contexts = this.#listed ?? toSend(this.#greeting?.contexts ?? []);
    const values = contexts.map((context) => context.capture());
    try {
      Reflect.apply(this.#post, this.#port, [seal(what, contexts, values, value), ...rest]);
    } catch (error) {
      throw findNotCloneable(contexts, values) ?? error;
    }
    if (what === kind.MESSAGE && this.#other === other.UNKNOWN) this.#unanswered++;
  }

  /**
   * @param {unknown} data
   * @param {Deliver} deliver
   */
  #arrived(data, deliver) {
    this.#early?.deliver();
    return this.#handOver(data, deliver);
  }

  /**
   * @param {unknown} data
   * @param {Deliver} deliver
   */
  #handOver(data, deliver) {
    let entered = false;
    try {
      const envelope = this.#read(data);
      if (envelope?.kind === kind.GREETING) return undefined;
      if (envelope === undefined) {
        entered = true;
        return deliver(data);
      }
      return this.#enter(envelope, () => {
        entered = true;
        return deliver(envelope.value);
      });
    } catch (error) {
      if (entered) throw error; // of a listener
      return this.#fail(error);
    }
  }

  /**
   * The envelope; `undefined` if it is a message as it is.
   *
   * @param {unknown} data
   */
  #read(data) {
    if (!isSealed(data)) {
      if (this.#other === other.UNKNOWN) this.#other = other.PLAIN;
      return undefined;
    }
    this.#other = other.CARRIES;
    const envelope = open(data);
    if (envelope.kind === kind.GREETING) this.#greeting = envelope;
    return envelope;
  }

  /**
   * Calls `fn` in the contexts of the envelope, and in none of the others that are posted here:
   * those are of whoever has made the port.
   *
   * @param {Envelope} envelope
   * @param {() => any} fn
   */
  #enter({ contexts, values }, fn) {
    const names = contexts.map(({ name }) => name);
    const others = (this.#listed ?? []).filter(({ name }) => !names.includes(name));
    if (others.length === 0) return enterOnly(contexts, values, fn);
    const none = others.map(() => undefined);
    return enterOnly([...others, ...contexts], [...none, ...values], fn);
  }

  /**
   * A message has arrived whose contexts cannot be entered: without them it is not delivered.
   *
   * @param {unknown} error
   */
  #fail(error) {
    captureStack(error); // nobody called for it
    if (this.#host.fail(error)) return;
    process.nextTick(() => {
      throw error;
    });
  }

  #ended() {
    if (this.#other === other.CARRIES || this.#unanswered === 0) return;
    const { message, code } = endedPlain(this.#unanswered);
    process.emitWarning(message, { __proto__: null, code });
  }
}

module.exports = { End };
