'use strict';

// Listeners of an EventEmitter remember in which context they were registered. What the emitter
// keeps is a function of ours, which has the listener as its property `listener`, as Node's own of
// once() has: so Node finds it by the listener.

const { EventEmitter } = require('node:events');
const { AsyncResource } = require('../node/async-hooks.js');
const { call } = require('./calls.js');
const { current, descends } = require('./contexts.js');
const { lookAlike } = require('./look-alikes.js');
const { replaceMethod } = require('./methods.js');
const { Registration, registrationBudget } = require('./registrations.js');

const { apply, defineProperty } = Reflect;

const REGISTERING = ['on', 'addListener', 'prependListener'];

/**
 * @typedef {object} Kept
 * @property {Registration} registration
 * @property {Function} listener  that was registered
 * @property {Function} fn  that is called
 */

/** @type {WeakMap<Function, Kept>} what was registered, by what is in its place */
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
 * Whether what an emitter has last got for an event waits there for another context: then what the
 * next one gets is likely to cross as well, and worth a stack.
 *
 * @param {any} emitter
 * @param {any} event
 * @param {import('./contexts.js').Context} context
 */
function isShared(emitter, event, context) {
  const listeners = emitter?._events?.[event];
  const last = typeof listeners === 'function' ? listeners : listeners?.[listeners.length - 1];
  const kept = originals.get(last);
  return kept !== undefined && !descends(context, kept.registration.context);
}

/**
 * @param {Kept} own
 * @param {unknown} self
 * @param {IArguments} args
 */
const callListener = ({ registration, fn }, self, args) =>
  call('emitter', registration, fn, self, args);

/**
 * @param {unknown} emitter
 * @param {unknown} event
 * @param {any} listener
 * @param {Function} hidden
 * @param {import('./mends.js').Mends} mends
 */
function substitute(emitter, event, listener, hidden, mends) {
  const context = current();
  if (context === undefined || typeof listener !== 'function' || originals.has(listener)) {
    return listener;
  }
  const isOnce = typeof listener.listener === 'function';
  const { name } = isOnce ? listener.listener : listener;
  const budget = budgetOf(event);
  if (budget.isEmpty && isShared(emitter, event, context)) budget.renew(1);
  const registration = new Registration(context, budget, name, hidden);
  const fn =
    !mends.isEmpty && registration.isMended(mends) ? AsyncResource.bind(listener) : listener;
  const kept = { registration, listener, fn };
  const substituted = lookAlike(listener, callListener, kept);
  if (isOnce) /** @type {any} */ (substituted).listener = listener.listener;
  else {
    defineProperty(substituted, 'listener', {
      __proto__: null,
      value: listener,
      writable: true,
      configurable: true,
      enumerable: false,
    });
  }
  originals.set(substituted, kept);
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
          return apply(original, this, [
            event,
            substitute(this, event, listener, registering, mends),
          ]);
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
        return listeners.map((/** @type {Function} */ one) => originals.get(one)?.listener ?? one);
      },
  );
}

module.exports = { watchEmitters };
