'use strict';

// Bound functions remember in which context they were bound. What a program gets is a bound
// function of ours. No proxy: Node 26 shows those for what they are.

const { call } = require('./calls.js');
const { current } = require('./contexts.js');
const { lookAlike } = require('./look-alikes.js');
const { look, replaceMethod } = require('./methods.js');
const { Registration, registrationBudget } = require('./registrations.js');
const { AsyncResource } = require('../node/async-hooks.js');

/** @typedef {import('./contexts.js').Context} Context */

const { apply, construct } = Reflect;

// Beyond the first of a function, which get a stack each, one in so many does.
const CHECKED = 64;

/** What is known of a function that is bound in contexts. */
class Target {
  #budget = registrationBudget();
  #passed = 0;
  /**
   * The first, as long as the program has bound all at one place. Not of a function that can be
   * constructed: what stands for that takes longer to make than a stack.
   *
   * @type {Registration | undefined}
   */
  #usual;
  #isMixed = false;
  /** @type {boolean | undefined} */
  #isConstructor;

  /** @param {Function} fn */
  isConstructor(fn) {
    return (this.#isConstructor ??= canConstruct(fn));
  }

  /**
   * `undefined` if it is not known where the program binds it, or Node does.
   *
   * @param {Context} context
   * @param {string} name
   * @param {Function} hidden
   */
  next(context, name, hidden) {
    if (this.#budget.isEmpty) {
      if (++this.#passed % CHECKED !== 0) return this.#usual?.again(context);
      this.#budget.renew(1);
    }
    const registration = new Registration(context, this.#budget, name, hidden);
    return registration.isProgram ? registration : undefined;
  }

  /**
   * Keeps where one was bound, after all that asks for its stack.
   *
   * @param {Registration} registration
   */
  bound(registration) {
    if (this.#isMixed) return;
    this.#usual ??= registration;
    const isSame = this.#usual.place === registration.place && registration.isDirect;
    this.#isMixed = this.#isConstructor === true || !isSame;
    if (this.#isMixed) this.#usual = undefined;
  }
}

/** @type {WeakMap<Function, Target>} */
const targets = new WeakMap();

/** @param {Function} fn */
function targetOf(fn) {
  let target = targets.get(fn);
  if (target === undefined) targets.set(fn, (target = new Target()));
  return target;
}

/**
 * @param {{ registration: Registration, bound: Function }} own
 * @param {unknown} _
 * @param {IArguments} args
 */
const callBound = ({ registration, bound }, _, args) =>
  call('bind', registration, bound, undefined, args);

/**
 * A bound function in place of `bound`: that of a function of ours, which calls it.
 *
 * @param {string} name  of the function that was bound
 * @param {Function} bound
 * @param {Registration} registration
 * @param {boolean} isConstructor
 * @param {Function} bind  the original method
 * @returns {Function}
 */
function remembering(name, bound, registration, isConstructor, bind) {
  const looks = /** @type {Function} */ ({ name, length: bound.length });
  const calling = isConstructor
    ? constructing(looks, bound, registration)
    : lookAlike(looks, callBound, { registration, bound });
  const made = apply(bind, calling, [undefined]);
  const prototype = Object.getPrototypeOf(bound);
  if (prototype !== Function.prototype) Object.setPrototypeOf(made, prototype);
  return made;
}

/**
 * @param {Function} looks
 * @param {Function} bound
 * @param {Registration} registration
 */
function constructing(looks, bound, registration) {
  /** @param {unknown[]} args */
  function calling(...args) {
    if (new.target === undefined) return call('bind', registration, bound, undefined, args);
    return construct(bound, args, new.target === calling ? bound : new.target);
  }
  look(calling, looks);
  Object.defineProperty(calling, Symbol.hasInstance, {
    __proto__: null,
    value: (/** @type {unknown} */ value) => value instanceof bound,
  });
  return calling;
}

/** @param {Function} fn */
function canConstruct(fn) {
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
        const { name } = this;
        const target = targetOf(this);
        const registration = target.next(context, name, bind);
        if (registration === undefined) return bound;
        const isMended = !mends.isEmpty && registration.isMended(mends);
        const isConstructor = target.isConstructor(bound);
        target.bound(registration);
        const called = isMended ? bindContext(bound) : bound;
        return remembering(name, called, registration, isConstructor, original);
      },
    };
    return bind;
  });
}

/** @param {any} fn */
const bindContext = (fn) => AsyncResource.bind(fn);

module.exports = { watchBoundFunctions };
