'use strict';

// How much of the heap some work leaves behind. For processes of their own: the test runner keeps
// records of every asynchronous operation.

const { gc } = require('./gc.js');

const turn = () => new Promise((resolve) => setImmediate(resolve));

// Twice is enough for V8; the turns let weak references and finalizers of Node's go.
async function settle() {
  for (let i = 0; i < 4; i++) {
    await turn();
    gc();
  }
}

/** Bytes in use after a collection. */
async function heapUsed() {
  await settle();
  return process.memoryUsage().heapUsed;
}

/**
 * The bytes that `work(count)` leaves behind, measured in the scope and the callback it ended in:
 * the least of three times, because a leak shows each time and what V8 keeps for itself does not.
 * It is first called with a smaller count, so that code and tables are in place.
 */
async function growth(work, count) {
  await work(Math.ceil(count / 10));
  let least = Infinity;
  for (let i = 0; i < 3; i++) {
    const before = await heapUsed();
    await work(count);
    least = Math.min(least, await heapUsed() - before);
  }
  return least;
}

module.exports = { turn, settle, heapUsed, growth };
