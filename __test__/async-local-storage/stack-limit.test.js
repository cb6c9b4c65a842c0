'use strict';

// Scopes near the stack limit: what was current before is current again, whatever throws.

const assert = require('node:assert/strict');
const test = require('node:test');
const { AsyncLocalStorage, engine } = require('../../index.js');
const { forFramesOfManySizes, nearTheLimit } = require('../helpers/near-stack-limit.js');

// Calls after which V8 has compiled what they call into them.
const MANY = 20_000;

// An engine with scopes puts back what was current by an assignment. The others call a function,
// which may meet the limit, too: Node's, one that Node has around V8's, and now and then V8's own.
const byCall = engine().name !== 'hooks' && 'a call puts back what was current';

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

test('run() is left, whatever was entered in it', { skip: byCall }, () => {
  check(() => storage.run('inner', enter));
});

test('run() is left, whatever was entered in another storage', { skip: byCall }, () => {
  check(() => other.run('inner', () => storage.run('inner', enterOther)));
});

test('exit() is left', { skip: byCall }, () => {
  check(() => storage.exit(enter));
});

test('a snapshot is left', { skip: byCall }, () => {
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
