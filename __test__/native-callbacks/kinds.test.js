'use strict';

// What is seen in each kind of callback of an addon, with both classes: without us, and with each
// of the two ways. The same table is in docs/compatibility.md.

const assert = require('node:assert/strict');
const test = require('node:test');
const { name, nodeCarriesFrames } = require('../helpers/engine.js');
const { addonFile, missing } = require('../helpers/native-kinds.js');
const { runProgram } = require('../helpers/program.js');

const skip = missing();

const hasHooks = /hooks/.test(name);

/** What carries the context of native objects here, without us. */
const hostOf = (classes) =>
  nodeCarriesFrames && !(classes === 'ours' && hasHooks) ? 'nothing' : 'resources';

// Without us; with `arguments`; with both. `resources` alone is the column of Node 20 and 22.
const expected = {
  'its own threadsafe function': { nothing: 'none A A', resources: 'A A A' },
  'a function in a nested object': { nothing: 'none A A', resources: 'A A A' },
  'a method': { nothing: 'none A A', resources: 'A A A' },
  'a static method': { nothing: 'none A A', resources: 'A A A' },
  'a method that cannot be replaced': { nothing: 'none none A', resources: 'A A A' },
  'a function that was returned': { nothing: 'none none A', resources: 'A A A' },
  'shared function: outside': { nothing: 'none none none', resources: 'none none none' },
  'shared function: made in A, posted in B': { nothing: 'none A A', resources: 'A A A' },
  'channel: calls in A and B': { nothing: 'none,none A,B A,B', resources: 'none,none A,B A,B' },
  'channel made in A: call in B': { nothing: 'none B B', resources: 'A B B' },
  'channel made in A: function in an object, in B': { nothing: 'none none A', resources: 'A A A' },
  'work': { nothing: 'none A A', resources: 'A A A' },
  'work: made in A, queued in B': { nothing: 'none A A', resources: 'A A A' },
  'context of A: make_callback()': { nothing: 'A A A', resources: 'A A A' },
  'context of A: callback scope': { nothing: 'none none A', resources: 'A A A' },
  'listener of A: called in B': { nothing: 'B B B', resources: 'B B B' },
  'listener of A: called outside': { nothing: 'none A A', resources: 'none A A' },
  'listener of B: called in a callback of A': { nothing: 'none B A', resources: 'A A A' },
  'afterwards': { nothing: 'none none none', resources: 'none none none' },
};

const variants = {
  'without us': undefined,
  'with `arguments`': { resources: false },
  'with both': {},
};

const column = (host, at) =>
  Object.fromEntries(
    Object.entries(expected).map(([kind, byHost]) => [kind, byHost[host].split(' ')[at]]),
  );

const seen = (options, module) =>
  runProgram(
    async (data) => {
      const { keepNativeCallbacks } = require('./index.js');
      if (data.options !== undefined) keepNativeCallbacks(data.options);
      const addon = require(data.file);
      const { AsyncLocalStorage } = require(data.module);
      const { seenByKind } = require('./__test__/fixtures/native-callbacks.js');
      return seenByKind(new AsyncLocalStorage(), addon);
    },
    { data: { options, module, file: addonFile() } },
  );

for (const [classes, module] of [
  ['ours', './index.js'],
  ['built-in', 'node:async_hooks'],
]) {
  // Frames that Node carries and an engine that does not use them: only a forced engine is so.
  const mixed = classes === 'built-in' && nodeCarriesFrames && hasHooks;
  for (const [at, [variant, options]] of Object.entries(variants).entries()) {
    test(`${classes}, ${variant}`, { skip: skip || mixed }, async () => {
      assert.deepEqual(await seen(options, module), column(hostOf(classes), at));
    });
  }
  test(`${classes}, with \`resources\` alone`, { skip: skip || mixed }, async () => {
    assert.deepEqual(await seen({ arguments: false }, module), column('resources', 0));
  });
}
