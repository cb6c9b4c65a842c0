'use strict';

// What is done where the stack is nearly used up. A recursion is caught at every depth near its
// end, so that calls meet the limit at every point. Where they do depends on the frames below them,
// too, so these have many sizes.

const { reserveStack } = require('../../lib/node/stack.js');

const SIZES = 40;

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
  try {
    reserveStack(kilobytes);
  } catch {
    return action();
  }
  return withKilobytesLeft(kilobytes, action);
}

module.exports = { forFramesOfManySizes, nearTheLimit, withKilobytesLeft };
