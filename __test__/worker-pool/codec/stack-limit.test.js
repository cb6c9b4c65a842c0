'use strict';

// Encoding near the stack limit: it throws, or not, and the region can be used afterwards.

const assert = require('node:assert/strict');
const test = require('node:test');
const { createRegion, encode } = require('../../../lib/codec/index.js');

const DEPTHS = 300;
// Frames of as many sizes, because where a call meets the limit depends on those below it.
const FRAMES = 40;

/** Calls `action` at the last depths before the stack is used up, in frames of that many arguments. */
function nearTheLimit(action, args) {
  let left = DEPTHS;
  const dive = (...all) => {
    try {
      dive(...all);
    } catch {
      /* RangeError */
    }
    if (left-- > 0) action();
  };
  dive(...Array(args).fill(0));
}

test('a region can be used after an encoding that the stack was too small for', () => {
  let thrown = 0;
  for (let args = 0; args < FRAMES; args++) {
    const region = createRegion(4096);
    nearTheLimit(() => {
      try {
        encode(region, 0, { args });
      } catch {
        thrown++;
      }
    }, args);
    assert.ok(encode(region, 0, { args }) > 0, `frames of ${args} arguments`);
  }
  assert.ok(thrown > 0);
});
