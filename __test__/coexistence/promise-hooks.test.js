'use strict';

// A third party's v8.promiseHooks beside this package: it keeps all its events, and no scope is
// lost.

const assert = require('node:assert/strict');
const { test } = require('node:test');
const { undisturbed } = require('../helpers/third-party.js');

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
  const scenarios = ['promise', 'immediate'].map((inside) =>
    undisturbed({ steps, inside, hook: ['init', 'before', 'after'] }),
  );
  test(`${steps.join(', ')}: every callback is kept`, async () => {
    for (const play of scenarios) {
      const checks = await play();
      // Otherwise there was no comparison.
      assert.ok(checks.some(({ events }) => events['promise init'] > 0));
    }
  });
}

for (const name of ['init', 'before', 'after', 'settled']) {
  const scenarios = [
    ['promise+', 'ours', 'check'],
    ['ours', 'promise+', 'check'],
  ].map((steps) => undisturbed({ steps, inside: 'promise', promiseHook: [name], hook: [] }));
  test(`${name} only, registered before and after us, is kept`, async () => {
    for (const play of scenarios) {
      const [{ events }] = await play();
      assert.ok(events[`promise ${name}`] > 0);
    }
  });
}
