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

const ROUNDS = 20;
const TIME_LIMIT = 10_000;

/** Collects so many times. */
async function collect(rounds) {
  for (let i = 0; i < rounds; i++) {
    await turn(); // a WeakRef keeps its target until the end of the running job
    gc();
  }
}

/** Collects until `condition()` holds, a few times at most; returns whether it did. */
async function collectUntil(condition) {
  for (let i = 0; i < ROUNDS && !condition(); i++) await collect(1);
  return condition();
}

/** The same for what other threads have to let go of before: that may take some seconds. */
async function collectWithOthers(condition) {
  const end = performance.now() + TIME_LIMIT;
  while (!condition() && performance.now() < end) await collect(1);
  return condition();
}

module.exports = { gc, collect, collectUntil, collectWithOthers };
