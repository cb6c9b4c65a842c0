'use strict';

// Garbage collection on demand, without a command-line flag.

const { setFlagsFromString } = require('node:v8');
const { runInNewContext } = require('node:vm');

const gc = globalThis.Bun === undefined ? exposedGc() : () => globalThis.Bun.gc(true);

function exposedGc() {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc');
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Collects until `condition()` holds, at most `rounds` times; returns whether it did. */
async function collectUntil(condition, rounds = 20) {
  for (let i = 0; i < rounds; i++) {
    if (condition()) return true;
    await turn(); // a WeakRef keeps its target until the end of the running job
    gc();
  }
  return condition();
}

module.exports = { gc, collectUntil };
