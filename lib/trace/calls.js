'use strict';

// Calls of listeners and bound functions: in the context in which they were registered or made, or
// across to another one.

const { noteAround } = require('./around.js');
const { current, descends, isRightForAll } = require('./contexts.js');
const { Call } = require('./crossings.js');
const { isRestored } = require('./restores.js');
const { segmentToChange } = require('./segments.js');

const { apply } = Reflect;

/** @typedef {import('./registrations.js').Registration} Registration */

/**
 * Calls a function that was registered or bound.
 *
 * @param {'emitter' | 'bind'} rule
 * @param {Registration} registration
 * @param {Function} fn
 * @param {unknown} self
 * @param {ArrayLike<unknown>} args
 */
function call(rule, registration, fn, self, args) {
  const now = current();
  const { context } = registration;
  if (now === context) {
    registration.wasHome = true;
    return apply(fn, self, args);
  }
  noteAround(now, context, call);
  if (isAtHome(now, context)) return apply(fn, self, args);
  registration.crosses(now);
  // Nothing is blamed on what was registered nowhere.
  if (registration.place === 0) return apply(fn, self, args);
  return callAcross(new Call(rule, registration, now), fn, self, args);
}

/**
 * @param {import('./contexts.js').Context | undefined} now
 * @param {import('./contexts.js').Context} context
 */
function isAtHome(now, context) {
  return descends(now, context) || isRestored(now) || isRightForAll(now, context);
}

/**
 * Its name is how a frame of it is told.
 *
 * @param {Call} crossing
 * @param {Function} fn
 * @param {unknown} self
 * @param {ArrayLike<unknown>} args
 */
function callAcross(crossing, fn, self, args) {
  const { calls } = segmentToChange();
  calls.push(crossing);
  try {
    return apply(fn, self, args);
  } finally {
    const at = calls.lastIndexOf(crossing);
    if (at >= 0) calls.splice(at, 1);
  }
}

module.exports = { call };
