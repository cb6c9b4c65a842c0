'use strict';

// A third party's v8.promiseHooks beside this package: it keeps all its events, and no scope is
// lost.

const assert = require('node:assert/strict');
const { test } = require('node:test');
const { assertUndisturbed } = require('../helpers/third-party.js');

const orders = [
  ['promise+', 'ours', 'check'],
  ['ours', 'promise+', 'check'],
  ['promise+', 'check', 'ours', 'check', 'promise-', 'check'],
  ['ours', 'check', 'promise+', 'check', 'promise-', 'check', 'promise+', 'check'],
  ['promise+', 'builtin', 'ours', 'check', 'promise-', 'check'],
  ['ours', 'builtin', 'promise+', 'check', 'promise-', 'check'],
  ['promise+', 'ours', 'hook+', 'check', 'hook-', 'check', 'promise-', 'check'],
  ['hook+', 'promise+', 'ours', 'check', 'hook-', 'check', 'promise-', 'check'],
  ['hook+', 'ours', 'promise+', 'check', 'promise-', 'check', 'hook-', 'check'],
  ['ours', 'hook+', 'hook-', 'promise+', 'check', 'promise-', 'check'],
];

for (const steps of orders) {
  test(`${steps.join(', ')}: every callback is kept`, async () => {
    for (const inside of ['promise', 'immediate']) {
      const checks = await assertUndisturbed({ steps, inside, hook: ['init', 'before', 'after'] });
      // Otherwise there was no comparison.
      assert.ok(checks.some(({ events }) => events['promise init'] > 0));
    }
  });
}

for (const name of ['init', 'before', 'after', 'settled']) {
  test(`${name} only, registered before and after us, is kept`, async () => {
    for (const steps of [['promise+', 'ours', 'check'], ['ours', 'promise+', 'check']]) {
      const [{ events }] = await assertUndisturbed({
        steps, inside: 'promise', promiseHook: [name], hook: [],
      });
      assert.ok(events[`promise ${name}`] > 0);
    }
  });
}
