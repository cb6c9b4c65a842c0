'use strict';

// Measures the heap that some work leaves behind. For processes of their own: the test runner keeps
// records of every asynchronous operation.

const { gc } = require('./gc.js');

const turn = () => new Promise((resolve) => setImmediate(resolve));

// Twice is enough for V8; the turns release Node's weak references and finalizers.
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
 * The bytes that `work(count)` leaves behind, measured in the scope and the callback in which it
 * ended: the least of three runs, because a leak shows in each, and memory that V8 keeps does not.
 * So a run that leaves less than `enough` is the last. A first run with a smaller count puts code
 * and tables in place.
 */
async function growth(work, count, enough = -Infinity) {
  await work(Math.ceil(count / 10));
  let least = Infinity;
  for (let i = 0; i < 3 && least >= enough; i++) {
    const before = await heapUsed();
    await work(count);
    least = Math.min(least, (await heapUsed()) - before);
  }
  return least;
}

module.exports = { turn, settle, heapUsed, growth };
