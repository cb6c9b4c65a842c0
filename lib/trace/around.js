'use strict';

// Contexts that are entered around a function of another one: `storage.run(store, callback)`, where
// the callback was made somewhere else. Who does so says what the callback is to see.

const { frames, isOwn } = require('./places.js');

/** @typedef {import('./contexts.js').Context} Context */

const { apply } = Reflect;

// Of ours, between the function and the call.
const DEPTH = 6;
// A function that was called directly so often is taken to be, and one look in so many sees to
// that.
const AGREEING = 16;
const CHECKED = 64;
const NEVER = Number.NEGATIVE_INFINITY;

/** @type {Map<number, number>} how often functions were called directly, by their sites */
const direct = new Map();
let passed = 0;

/** @type {Context | undefined} the innermost context whose callback is being called */
let calling;

/**
 * The callback of a run() or exit(). The name of what it returns is how a frame of it is told.
 *
 * @param {Context} context  that is entered
 * @param {Function} callback
 */
function callbackIn(context, callback) {
  return /** @this {unknown} */ function callInContext() {
    const outer = calling;
    calling = context;
    try {
      return apply(callback, this, arguments);
    } finally {
      calling = outer;
    }
  };
}

/**
 * Notes that a function of the context `parent` begins in the context `now`, which may have been
 * entered around it.
 *
 * @param {Context | undefined} now
 * @param {Context} parent
 * @param {Function} hidden  of ours, called by the function or to call it
 * @param {number} [site]  of the function
 */
function noteAround(now, parent, hidden, site) {
  if (now === undefined || now !== calling || now.around !== undefined) return;
  const isDirect = site === undefined ? isCalledInContext(hidden) : isUsually(site, hidden);
  if (isDirect) now.around = parent;
}

/**
 * @param {number} site
 * @param {Function} hidden
 */
function isUsually(site, hidden) {
  const times = direct.get(site) ?? 0;
  if (times >= AGREEING && ++passed % CHECKED !== 0) return true;
  const isDirect = isCalledInContext(hidden);
  direct.set(site, isDirect ? times + 1 : NEVER);
  return isDirect;
}

/**
 * Whether the frame next to those of ours is that of the function, and they have called it.
 *
 * @param {Function} hidden
 */
function isCalledInContext(hidden) {
  const stack = frames(hidden, DEPTH);
  const first = stack.length > 0 && isOwn(stack[0]) ? 0 : 1;
  for (let i = first; i < stack.length && isOwn(stack[i]); i++) {
    if (stack[i].getFunctionName() === 'callInContext') return true;
  }
  return false;
}

module.exports = { callbackIn, noteAround };
