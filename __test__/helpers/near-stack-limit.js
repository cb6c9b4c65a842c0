'use strict';

// What is done where the stack is nearly used up. A recursion is caught at every depth near its
// end, so that calls meet the limit at every point. Where they do depends on the frames below them,
// too, so these have many sizes.

const SIZES = 40;
const WORDS_PER_KILOBYTE = 128;

/**
 * Calls `action(depth)` at the last `depths` before the stack is used up, in frames of so many
 * arguments. It may throw.
 */
function nearTheLimit(action, { depths = 200, args = 0 } = {}) {
  let left = depths;
  const dive = (...all) => {
    try {
      dive(...all);
    } catch {
      /* RangeError */
    }
    if (left-- > 0) action(left);
  };
  dive(...Array(args).fill(0));
}

/** Calls `test(options)` with the options for `nearTheLimit()` of frames of many sizes. */
function forFramesOfManySizes(test) {
  for (let args = 0; args < SIZES; args++) test({ args });
}

/** Calls `action` where less than so many kilobytes of the stack are left, and nearly as many. */
function withKilobytesLeft(kilobytes, action) {
  const words = Array(kilobytes * WORDS_PER_KILOBYTE).fill(0); // as arguments, on the stack
  const dive = () => {
    try {
      Reflect.apply(Function.prototype, undefined, words);
    } catch {
      return action();
    }
    return dive();
  };
  return dive();
}

module.exports = { forFramesOfManySizes, nearTheLimit, withKilobytesLeft };
