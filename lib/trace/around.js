'use strict';

// Contexts that are entered around a function of another one: `storage.run(store, callback)`, where
// the callback was made somewhere else. Who does so says what the callback is to see.

const { frames, isOwn } = require('./places.js');

/** @typedef {import('./contexts.js').Context} Context */

const { apply } = Reflect;

// Of ours, between the function and the call.
const DEPTH = 6;

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
 */
function noteAround(now, parent, hidden) {
  if (now === undefined || now !== calling || now.around !== undefined) return;
  const stack = frames(hidden, DEPTH);
  const first = stack.length > 0 && isOwn(stack[0]) ? 0 : 1;
  for (let i = first; i < stack.length && isOwn(stack[i]); i++) {
    if (stack[i].getFunctionName() === 'callInContext') now.around = parent;
  }
}

module.exports = { callbackIn, noteAround };
