'use strict';

// Scopes near the stack limit: what was current before is current again, whatever throws.

const assert = require('node:assert/strict');
const test = require('node:test');
const { AsyncLocalStorage } = require('../../index.js');
const { engine } = require('../../lib/engine/index.js');
const { forFramesOfManySizes, nearTheLimit } = require('../helpers/near-stack-limit.js');

// Calls after which V8 has compiled what they call into them.
const MANY = 20_000;

// Where Node has functions of its own around V8's, their calls may meet the limit, too.
const ofNode =
  engine.name === 'frame' &&
  !Function.prototype.toString.call(engine.swap).includes('[native code]') &&
  "what puts the slot back is not V8's own function";

const storage = new AsyncLocalStorage();
const other = new AsyncLocalStorage();
const nothing = () => {};
const enter = () => storage.enterWith('entered');
const enterOther = () => other.enterWith('entered');

// Entering is compiled, and what leaving needs after an enterWith() is not.
const snapshot = AsyncLocalStorage.snapshot();
for (let i = 0; i < MANY; i++) {
  snapshot(enter);
  snapshot(enterOther);
  storage.run('store', nothing);
}

/** Does it near the limit, in a scope, and looks at what is current there afterwards. */
function check(action) {
  forFramesOfManySizes((options) => {
    other.run('outer', () => {
      storage.run('outer', () => {
        nearTheLimit(action, options);
        const stores = [storage.getStore(), other.getStore()];
        assert.deepEqual(stores, ['outer', 'outer'], `frames of ${options.args} arguments`);
      });
    });
  });
}

test('run() is left, whatever was entered in it', { skip: ofNode }, () => {
  check(() => storage.run('inner', enter));
});

test('run() is left, whatever was entered in another storage', { skip: ofNode }, () => {
  check(() => other.run('inner', () => storage.run('inner', enterOther)));
});

test('exit() is left', { skip: ofNode }, () => {
  check(() => storage.exit(enter));
});

test('a snapshot is left', { skip: ofNode }, () => {
  check(() => snapshot(enter));
});

test('dispose() that has thrown can be called again', () => {
  storage.run('outer', () => {
    forFramesOfManySizes((options) => {
      let scope;
      nearTheLimit(() => {
        scope ??= storage.withScope('inner');
        scope.dispose();
        scope = undefined;
      }, options);
      scope?.dispose();
      assert.equal(storage.getStore(), 'outer', `frames of ${options.args} arguments`);
    });
  });
});
