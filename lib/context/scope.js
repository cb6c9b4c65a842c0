'use strict';

// What AsyncLocalStorage and AsyncContext have in common: both enter frames (frames/frame.js), and
// the engine carries them.

const { engine, watchReaders } = require('../engine/index.js');
const { lookup } = require('../frames/frame.js');

// Constants of the module, so that the optimizing compiler inlines V8's accessors into the callers.
const { current, swap, openScope, closeScope } = engine;

let installed = false;

/**
 * To be called before anything is entered: nothing is installed in a program that only loads the
 * package or never enters a scope.
 */
function install() {
  if (installed) return;
  engine.install();
  watchReaders();
  installed = true;
}

/** The value of `key` in what is current; `absent` if there is none. */
function read(key, absent) {
  const frame = /** @type {import('../frames/frame.js').Carried} */ (current());
  if (frame === undefined || frame === null) return absent;
  if (frame.key === key) return frame.value;
  const { memo } = frame;
  if (memo !== undefined && memo.key === key) return memo.value;
  return lookup(frame, key, absent);
}

/**
 * Makes `entered` current until `close()` is called with what is returned. Directly after
 * `current()`, which gave `prior`. Nothing that is entered in between is left after `close()`.
 *
 * Not one function around both, with a callback: arguments would have to be put into an array.
 */
const open = openScope ?? ((entered, prior) => {
  swap(entered);
  return prior;
});

/** Ends what `open()` began. Always, also when user code throws. */
const close = closeScope ?? swap;

module.exports = { install, read, open, close };
