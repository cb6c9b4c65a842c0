'use strict';

// Bound functions remember in which context they were bound. What a program gets is a proxy of the
// bound function: everything but the call is that of the function itself.

const { call } = require('./calls.js');
const { current } = require('./contexts.js');
const { replaceMethod } = require('./methods.js');
const { Kind, Registration } = require('./registrations.js');
const { AsyncResource } = require('../node/async-hooks.js');

const { apply, construct } = Reflect;

/** @type {WeakMap<Function, Kind>} */
const kindsByFunction = new WeakMap();

/** @param {Function} fn */
function kindOf(fn) {
  let kind = kindsByFunction.get(fn);
  if (kind === undefined) kindsByFunction.set(fn, (kind = new Kind()));
  return kind;
}

/**
 * @param {Function} bound
 * @param {import('./registrations.js').Registration} registration
 * @returns {Function}
 */
function remembering(bound, registration) {
  /** @type {any} */
  const proxy = new Proxy(bound, {
    __proto__: null,
    apply: (target, self, args) => call('bind', registration, target, self, args),
    construct: (target, args, newTarget) =>
      construct(target, args, newTarget === proxy ? target : newTarget),
    // What is no bound function has instances by its property `prototype`, which those lack.
    get: (target, key, receiver) =>
      key === Symbol.hasInstance ? isInstanceOf : Reflect.get(target, key, receiver),
  });
  const isInstanceOf = (/** @type {unknown} */ value) => value instanceof bound;
  return proxy;
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
        const kind = kindOf(this);
        if (!kind.isWanted) return bound;
        const registration = new Registration(context, kind, this.name, bind);
        if (!registration.isProgram) return bound;
        const isMended = !mends.isEmpty && registration.isMended(mends);
        return remembering(isMended ? bindContext(bound) : bound, registration);
      },
    };
    return bind;
  });
}

/** @param {any} fn */
const bindContext = (fn) => AsyncResource.bind(fn);

module.exports = { watchBoundFunctions };
