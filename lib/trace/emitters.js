'use strict';

// Listeners of an EventEmitter remember in which context they were registered. What the emitter
// keeps is a proxy of the listener: it looks like it, and costs a hundredth of a function with the
// same name and length. It has the listener as its property `listener`, as Node's own functions of
// once() have, so Node finds it by the listener.

const { EventEmitter } = require('node:events');
const { AsyncResource } = require('../node/async-hooks.js');
const { call } = require('./calls.js');
const { current } = require('./contexts.js');
const { replaceMethod } = require('./methods.js');
const { Registration, registrationBudget } = require('./registrations.js');

const { apply } = Reflect;

const REGISTERING = ['on', 'addListener', 'prependListener'];

/**
 * What is done with a proxy of a listener.
 *
 * @implements {ProxyHandler<Function>}
 */
class Substitution {
  #registration;
  #fn;
  #isOnce;

  /**
   * @param {Registration} registration
   * @param {Function} fn  that is called
   * @param {boolean} isOnce
   */
  constructor(registration, fn, isOnce) {
    this.#registration = registration;
    this.#fn = fn;
    this.#isOnce = isOnce;
  }

  /**
   * @param {Function} _
   * @param {unknown} self
   * @param {unknown[]} args
   */
  apply(_, self, args) {
    return call('emitter', this.#registration, this.#fn, self, args);
  }

  /**
   * @param {Function} listener
   * @param {string | symbol} name
   */
  get(listener, name) {
    return name === 'listener' && !this.#isOnce ? listener : Reflect.get(listener, name);
  }
}

/** @type {WeakMap<Function, Function>} what was registered, by what is in its place */
const originals = new WeakMap();
/** @type {WeakMap<Function, Function>} what is in place of Node's functions of once() */
const substitutes = new WeakMap();
/** @type {Map<unknown, import('./stack-budget.js').StackBudget>} */
const budgets = new Map();

/** @param {unknown} event */
function budgetOf(event) {
  let budget = budgets.get(event);
  if (budget === undefined) {
    // Programs may make up events without end.
    if (budgets.size > 10_000) budgets.clear();
    budgets.set(event, (budget = registrationBudget()));
  }
  return budget;
}

/**
 * @param {unknown} event
 * @param {any} listener
 * @param {Function} hidden
 * @param {import('./mends.js').Mends} mends
 */
function substitute(event, listener, hidden, mends) {
  const context = current();
  if (context === undefined || typeof listener !== 'function' || originals.has(listener)) {
    return listener;
  }
  const isOnce = typeof listener.listener === 'function';
  const { name } = isOnce ? listener.listener : listener;
  const registration = new Registration(context, budgetOf(event), name, hidden);
  const fn =
    !mends.isEmpty && registration.isMended(mends) ? AsyncResource.bind(listener) : listener;
  const substituted = new Proxy(listener, new Substitution(registration, fn, isOnce));
  originals.set(substituted, listener);
  if (isOnce) substitutes.set(listener, substituted);
  return substituted;
}

/**
 * Has all emitters of the thread do so.
 *
 * @param {import('./mends.js').Mends} mends
 */
function watchEmitters(mends) {
  const { prototype } = EventEmitter;
  for (const name of REGISTERING) {
    replaceMethod(prototype, name, (original) => {
      const { [name]: registering } = {
        /**
         * @this {unknown}
         * @param {unknown} event
         * @param {unknown} listener
         */
        [name](event, listener) {
          return apply(original, this, [event, substitute(event, listener, registering, mends)]);
        },
      };
      return registering;
    });
  }
  for (const name of ['removeListener', 'off']) {
    replaceMethod(
      prototype,
      name,
      (original) =>
        /** @this {unknown} @param {unknown} event @param {any} listener */
        function (event, listener) {
          return apply(original, this, [event, substitutes.get(listener) ?? listener]);
        },
    );
  }
  replaceMethod(
    prototype,
    'rawListeners',
    (original) =>
      /** @this {unknown} @param {unknown} event */
      function (event) {
        const listeners = apply(original, this, [event]);
        return listeners.map((/** @type {Function} */ one) => originals.get(one) ?? one);
      },
  );
}

module.exports = { watchEmitters };
