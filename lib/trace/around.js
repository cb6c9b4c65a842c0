'use strict';

// Contexts that are entered around a function of another one: `storage.run(store, callback)`, where
// the callback was made somewhere else. Who does so says what the callback is to see.

const { NAMES } = require('./globals.js');
const { frames, isOwn } = require('./places.js');

/** @typedef {import('./contexts.js').Context} Context */

const { apply } = Reflect;
const { toString } = Function.prototype;

// Of ours, between the function and the call.
const DEPTH = 6;

/** @type {Context | undefined} the innermost context whose callback is being called */
let calling;
/** @type {Function} */
let callback;

/**
 * The callback of a run() or exit(). The name of what it returns is how a frame of it is told.
 *
 * @param {Context} context  that is entered
 * @param {Function} fn
 */
function callbackIn(context, fn) {
  return /** @this {unknown} */ function callInContext() {
    const outer = calling;
    const outerCallback = callback;
    calling = context;
    callback = fn;
    try {
      return apply(fn, this, arguments);
    } finally {
      calling = outer;
      callback = outerCallback;
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
  const isCallback = site !== undefined && isOf(site, callback);
  if (isCallback || isCalledInContext(hidden)) now.around = parent;
}

/**
 * Whether a function is one of a site, which the transform has put into its text. Many functions
 * are called so, and to look into the text takes a tenth of what a stack does.
 *
 * @param {number} site
 * @param {Function} fn
 */
function isOf(site, fn) {
  const text = apply(toString, fn, []);
  const end = text.indexOf(`,${site})`);
  return end >= 0 && text.startsWith(NAMES.at, text.lastIndexOf('(', end) - NAMES.at.length);
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
