'use strict';

// Bound functions remember in which context they were bound. What a program gets is a bound
// function of ours. No proxy: Node 26 shows those for what they are.

const { call } = require('./calls.js');
const { current } = require('./contexts.js');
const { replaceMethod } = require('./methods.js');
const { Registration, registrationBudget } = require('./registrations.js');
const { AsyncResource } = require('../node/async-hooks.js');

const { apply, construct } = Reflect;

/** @type {WeakMap<Function, import('./stack-budget.js').StackBudget>} */
const budgets = new WeakMap();

/** @param {Function} fn */
function budgetOf(fn) {
  let budget = budgets.get(fn);
  if (budget === undefined) budgets.set(fn, (budget = registrationBudget()));
  return budget;
}

/**
 * A bound function in place of `bound`: that of a function of ours, which calls it.
 *
 * @param {Function} bound
 * @param {import('./registrations.js').Registration} registration
 * @param {Function} bind  the original method
 * @returns {Function}
 */
function remembering(bound, registration, bind) {
  const calling = isConstructor(bound)
    ? constructing(bound, registration)
    : (/** @type {unknown[]} */ ...args) => call('bind', registration, bound, undefined, args);
  const made = apply(bind, calling, [undefined]);
  for (const key of /** @type {const} */ (['name', 'length'])) {
    Object.defineProperty(made, key, { __proto__: null, value: bound[key], configurable: true });
  }
  const prototype = Object.getPrototypeOf(bound);
  if (prototype !== Function.prototype) Object.setPrototypeOf(made, prototype);
  return made;
}

/**
 * @param {Function} bound
 * @param {import('./registrations.js').Registration} registration
 */
function constructing(bound, registration) {
  /** @param {unknown[]} args */
  function calling(...args) {
    if (new.target === undefined) return call('bind', registration, bound, undefined, args);
    return construct(bound, args, new.target === calling ? bound : new.target);
  }
  Object.defineProperty(calling, Symbol.hasInstance, {
    __proto__: null,
    value: (/** @type {unknown} */ value) => value instanceof bound,
  });
  return calling;
}

/** @param {Function} fn */
function isConstructor(fn) {
  try {
    construct(Object, [], fn);
    return true;
  } catch {
    return false;
  }
}

/**
 * Has all functions that are bound in a context do so.
 *
 * @param {import('./mends.js').Mends} mends
 */
function watchBoundFunctions(mends) {
  replaceMethod(Function.prototype, 'bind', (original) => {
    const { bind } = {
      /** @this {Function} @param {unknown[]} args */
      bind(...args) {
        const bound = apply(original, this, args);
        const context = current();
        if (context === undefined) return bound;
        const budget = budgetOf(this);
        if (budget.isEmpty) return bound;
        const registration = new Registration(context, budget, this.name, bind);
        if (!registration.isProgram) return bound;
        const isMended = !mends.isEmpty && registration.isMended(mends);
        return remembering(isMended ? bindContext(bound) : bound, registration, original);
      },
    };
    return bind;
  });
}

/** @param {any} fn */
const bindContext = (fn) => AsyncResource.bind(fn);

module.exports = { watchBoundFunctions };
