'use strict';

// The addon calls V8's functions only where it knows their signatures: on another V8 it refuses,
// before it calls any, and the next engine is taken.

const assert = require('node:assert/strict');
const { test } = require('node:test');
const { engine } = require('../../index.js');
const { runProgram } = require('../helpers/program.js');

const {
  native: { loaded, reason },
} = engine();
const options = loaded ? {} : { skip: reason };

const FORGER = require.resolve('../fixtures/forged-v8.js');

/** Runs the program in a process that says it has V8 `v8`. */
function runWith(v8, program) {
  return runProgram(program, {
    args: ['--require', FORGER],
    env: { FORGED_V8: v8, ASYNC_HOOKS_RS_ENGINE: '' },
  });
}

for (const v8 of ['11.2.214.22-node.1', '14.7.1', '15.0.188.7-node.3', 'unreadable']) {
  test(`V8 ${v8}: its accessors are not handed out`, options, async () => {
    const [major, minor] = v8 === 'unreadable' ? [0, 0] : v8.split('.');
    const refusal = {
      code: 'ERR_NATIVE_V8_UNKNOWN',
      message: `direct access to V8 ${major}.${minor} is not supported`,
    };
    const found = await runWith(v8, () => {
      const { slotAccessors } = require('./__test__/helpers/addon.js').loadAddon();
      try {
        return slotAccessors();
      } catch ({ code, message }) {
        return { code, message };
      }
    });
    assert.deepEqual(found, refusal);
  });
}

test(
  'an unknown V8: another engine carries the context, and engine() says why',
  options,
  async () => {
    const { name, refused, store } = await runWith('99.1', async () => {
      const { AsyncLocalStorage, engine } = require('async-hooks-rs');
      const storage = new AsyncLocalStorage();
      const store = await storage.run('kept', async () => {
        await null;
        return storage.getStore();
      });
      return { ...engine(), store };
    });
    assert.equal(store, 'kept');
    assert.notEqual(name, 'slot-hooks');
    const why = 'V8 gives no access to its continuation slot';
    // Node 20 keeps the slot where the addon is not even asked.
    if (refused['slot-hooks'] !== undefined && refused['slot-hooks'] !== why) {
      assert.equal(refused['slot-hooks'], `${why}: direct access to V8 99.1 is not supported`);
    }
  },
);
