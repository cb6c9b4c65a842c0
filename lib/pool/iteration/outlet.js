'use strict';

// What map() and stream() give their consumer: an async iterator over values that come by
// themselves, and an end. Values wait for the consumer here, or the consumer for values.

const { captureTrace, lacksStack, stackFrom } = require('../../errors/coded.js');
const { MANY_CALLS, reserveStack } = require('../../node/stack.js');

// As in async-local-storage.js, for Node 20.
const asyncDispose = Symbol.asyncDispose ?? Symbol('Symbol.asyncDispose');

const phases = Object.freeze({
  OPEN: 'open', // values come
  COMPLETE: 'complete', // no more come: the end follows those that wait
  OVER: 'over', // the consumer has been told the end, or has stopped
});

/**
 * @typedef {object} Feed  where the values come from
 * @property {() => void} asked  called when the consumer asks for a value, and there is none
 * @property {() => void} taken  called when it has got one. Not if the stack is used up: `taken` of
 *   the outlet says how many there were
 * @property {() => unknown} stop  called when it wants no more: what it returns is waited for
 *
 * @typedef {{ resolve: (result: IteratorResult<any, any>) => void,
 *   reject: (error: unknown) => void }} Call  of next()
 *
 * @typedef {{ failed: boolean, value: unknown }} End
 */

class Outlet {
  /** @type {string} */
  #phase = phases.OPEN;
  #feed;
  #trace;
  /** @type {unknown[]}  nobody has asked for them yet */
  #values = [];
  /** @type {Call[]}  for which there is no value yet */
  #calls = [];
  /** @type {End | undefined} */
  #end;

  /** How many values the consumer has got. The feed takes them away from it. */
  taken = 0;

  /**
   * @param {Feed} feed
   * @param {Function} hidden  whose call the errors of the pool begin at
   */
  constructor(feed, hidden) {
    this.#feed = feed;
    this.#trace = captureTrace(hidden);
  }

  /**
   * A value has come.
   *
   * @param {unknown} value
   */
  put(value) {
    if (this.#phase !== phases.OPEN) return;
    const call = this.#calls.shift();
    if (call === undefined) {
      this.#values.push(value);
      return;
    }
    call.resolve({ value, done: false });
    this.taken++;
    this.#feed.taken();
  }

  /**
   * No more values come.
   *
   * @param {End} end
   * @param {boolean} [atOnce]  those that wait are given up
   */
  complete(end, atOnce = false) {
    if (this.#phase !== phases.OPEN) return;
    this.#phase = phases.COMPLETE;
    this.#end = end;
    if (end.failed) this.place(end.value);
    if (atOnce) this.#values = [];
    const [first, ...others] = this.#calls;
    this.#calls = [];
    if (first === undefined) return;
    this.#tellEnd(first);
    for (const call of others) call.resolve(done());
  }

  /**
   * Gives an error that has none the stack of the call. There is one of an iteration at most.
   *
   * @param {any} error
   */
  place(error) {
    if (lacksStack(error)) stackFrom(error, this.#trace);
    return error;
  }

  next() {
    return new Promise((/** @type {Call['resolve']} */ resolve, reject) => {
      if (this.#phase === phases.OVER) {
        resolve(done());
      } else if (this.#values.length > 0) {
        resolve({ value: this.#values.shift(), done: false });
        this.taken++;
        if (this.#phase === phases.OPEN) this.#feed.taken();
      } else if (this.#phase === phases.COMPLETE) {
        this.#tellEnd({ resolve, reject });
      } else {
        this.#ask({ resolve, reject });
      }
    });
  }

  /** @param {Call} call */
  #ask(call) {
    this.#calls.push(call);
    try {
      this.#feed.asked();
    } catch (error) {
      // The stack is used up: the next value is not for this call, which has failed.
      const place = this.#calls.indexOf(call);
      if (place >= 0) this.#calls.splice(place, 1);
      throw error;
    }
  }

  /** The consumer wants no more. */
  async stop() {
    if (this.#phase === phases.OVER) return;
    this.#phase = phases.OVER;
    this.#values = [];
    for (const call of this.#calls) call.resolve(done());
    this.#calls = [];
    await this.#feed.stop();
  }

  /** @param {Call} call */
  #tellEnd({ resolve, reject }) {
    this.#phase = phases.OVER;
    const { failed, value } = /** @type {End} */ (this.#end);
    if (failed) reject(value);
    else resolve(done(value));
  }
}

/**
 * @param {unknown} [value]
 * @returns {IteratorReturnResult<any>}
 */
const done = (value) => ({ value, done: true });

const ignored = () => {};

/**
 * As an async generator, but that return() and throw() do not wait for calls of next() that were
 * made before: these wait for a value that may never come, and are told the end.
 */
class Iteration {
  #outlet;
  /** @type {Promise<void> | undefined}  when the last call is settled, once one has stopped it */
  #last;

  /** @param {Outlet} outlet */
  constructor(outlet) {
    this.#outlet = outlet;
  }

  /** @returns {Promise<IteratorResult<any, any>>} */
  next() {
    return this.#last === undefined ? this.#outlet.next() : this.#stop(done);
  }

  /** @param {unknown} [value] */
  async return(value) {
    const stopped = this.#stop(async () => done(await passed));
    const passed = (async () => value)();
    passed.catch(ignored); // it may be rejected while the end is waited for
    return stopped;
  }

  /** @param {unknown} error */
  async throw(error) {
    return this.#stop(() => {
      throw error;
    });
  }

  [Symbol.asyncIterator]() {
    return this;
  }

  async [asyncDispose]() {
    await this.#stop(done);
  }

  /**
   * Stops it, at the first call. The calls from there on are settled one after the other, by
   * `settle`.
   *
   * @template T
   * @param {() => T | Promise<T>} settle
   * @returns {Promise<T>}
   */
  #stop(settle) {
    // Now: once it has stopped, no call stops it again.
    if (this.#last === undefined) reserveStack(MANY_CALLS);
    const before = this.#last ?? this.#outlet.stop();
    const result = before.then(() => settle());
    this.#last = result.then(ignored, ignored);
    return result;
  }
}

// What engines add to all async iterators is there, too.
const { prototype } = Object.getPrototypeOf(async function* () {});
Object.setPrototypeOf(Iteration.prototype, Object.getPrototypeOf(prototype));

module.exports = { Iteration, Outlet };
