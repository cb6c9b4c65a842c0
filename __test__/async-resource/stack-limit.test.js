'use strict';

// Near the stack limit emitDestroy() does what it has to, or throws and can be called again.

const assert = require('node:assert/strict');
const test = require('node:test');
const { AsyncResource } = require('../../index.js');
const { forFramesOfManySizes, nearTheLimit } = require('../helpers/near-stack-limit.js');

const DEPTHS = 200;

test('emitDestroy() that has thrown can be called again', () => {
  let failed = 0;
  forFramesOfManySizes(({ args }) => {
    const resources = Array.from({ length: DEPTHS }, () => new AsyncResource('Test'));
    const done = new Set();
    nearTheLimit(
      (depth) => {
        resources[depth].emitDestroy();
        done.add(depth);
      },
      { depths: DEPTHS, args },
    );
    for (const [depth, resource] of resources.entries()) {
      if (done.has(depth)) continue;
      failed++;
      assert.equal(resource.emitDestroy(), resource, `frames of ${args} arguments`);
    }
  });
  assert.ok(failed > 0);
});
