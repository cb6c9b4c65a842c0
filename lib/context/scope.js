'use strict';

// What AsyncLocalStorage and AsyncContext have in common: both enter frames (frames/frame.js), and
// the engine carries them.

const { engine, watchReaders } = require('../engine/index.js');
const { lookup } = require('../frames/frame.js');
const { MANY_CALLS, reserveStack } = require('../node/stack.js');

// Constants of the module, so that the optimizing compiler inlines V8's accessors into the callers.
const { current, swap, swapBack = swap, openScope } = engine;

let installed = false;

/**
 * Call it before anything is entered. A program that never enters a scope has nothing installed.
 */
function install() {
  if (!installed) installNow();
}

function installNow() {
  // What the stack is too small for would stay half done.
  reserveStack(MANY_CALLS);
  engine.install();
  watchReaders();
  installed = true;
}

/**
 * The value of `key` in the current frame; `absent` if it has none.
 *
 * @param {import('../frames/frame.js').Key} key
 * @param {unknown} absent
 */
function read(key, absent) {
  const frame = /** @type {import('../frames/frame.js').Carried} */ (current());
  if (frame === undefined || frame === null) return absent;
  if (frame.key === key) return frame.value;
  const { memo } = frame;
  if (memo !== undefined && memo.key === key) return memo.value;
  return lookup(frame, key, absent);
}

/**
 * Makes `entered` current until `close()` is called with the result. Call it directly after
 * `current()`, which returned `prior`. `close()` undoes all that is entered in between.
 *
 * One function around both, with a callback, would have to put arguments into an array.
 *
 * @type {(entered: unknown, prior: unknown) => any}  a scope, or else what was current
 */
const open =
  openScope ??
  ((entered, prior) => {
    swap(entered);
    return prior;
  });

/**
 * Ends what `open()` began, also when user code throws. Where the engine has `scopes`, write
 * `scopes.innermost` instead: the stack may be used up, and this is a function.
 */
const close = swapBack;

module.exports = { install, read, open, close };
