'use strict';

// A native callback that cannot be handed over does not keep the process alive.

const assert = require('node:assert/strict');
const test = require('node:test');
const { engine } = require('../../index.js');
const { runScript } = require('../helpers/script.js');

const { native: { loaded } } = engine();

const prelude = `
  const { NativeCallbacks } = require('./native.js');
  const noop = () => {};
  const callFromThread = (current, callback) => {
    try {
      new NativeCallbacks(current, noop, noop).callFromThread(callback);
    } catch (error) {
      console.log(error.name);
    }
  };
`;

const refusals = {
  'whose frame cannot be captured': {
    source: "callFromThread(() => { throw new RangeError('no frame'); }, noop)",
    expected: 'RangeError\n',
  },
  'that is not a function': {
    source: 'for (const odd of [undefined, null, 1, {}]) callFromThread(noop, odd);',
    expected: 'TypeError\n'.repeat(4),
  },
};

for (const [name, { source, expected }] of Object.entries(refusals)) {
  test(`a process ends by itself after a native callback ${name}`, { skip: !loaded }, async () => {
    const { code, stdout, stderr } = await runScript(prelude + source, { timeout: 5000 });
    assert.equal(code, 0, stderr || 'something keeps the process alive');
    assert.equal(stdout, expected);
  });
}
