'use strict';

// A seeded generator of numbers, so that a printed seed reproduces a failure.

/** @returns {() => number} numbers in [0, 1), the same for the same seed (mulberry32) */
function createRandom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

/** A whole number in [0, limit). */
const below = (random, limit) => Math.floor(random() * limit);

/** One element of `list`. */
const pick = (random, list) => list[below(random, list.length)];

module.exports = { createRandom, below, pick };
