'use strict';

// A third party's createHook() beside this package: no side loses an event or a scope, and the
// process does not end, in whatever order they come and go.

const assert = require('node:assert/strict');
const { createHook } = require('node:async_hooks');
const { test } = require('node:test');
const { undisturbed } = require('../helpers/third-party.js');

// Node 24 knows the option, and refuses it together with promiseResolve.
const knowsTrackPromises = (() => {
  try {
    createHook({ trackPromises: 'no boolean' });
    return false;
  } catch {
    return true;
  }
})();

const kinds = {
  'init only': { hook: ['init'] },
  'before and after only': { hook: ['before', 'after'] },
  'every callback': { hook: ['init', 'before', 'after', 'promiseResolve'] },
  ...(knowsTrackPromises && {
    'trackPromises: false': { hook: ['init', 'before', 'after'], trackPromises: false },
  }),
};

const orders = [
  ['hook+', 'ours', 'check'],
  ['ours', 'hook+', 'check'],
  ['hook+', 'ours', 'check', 'hook-', 'check', 'hook+', 'check'],
  ['ours', 'check', 'hook+', 'check', 'hook-', 'check', 'hook+', 'check'],
  ['hook+', 'hook-', 'ours', 'check', 'hook+', 'check'],
  ['hook+', 'check', 'hook-', 'ours', 'hook+', 'check'],
  ['builtin', 'ours', 'hook+', 'check', 'hook-', 'check'],
  ['hook+', 'builtin', 'ours', 'check', 'hook-', 'check'],
  ['ours', 'builtin', 'check', 'hook+', 'check', 'hook-', 'check'],
  ['ours', 'hook+', 'builtin', 'check', 'hook-', 'check'],
];

for (const steps of orders) {
  for (const [title, kind] of Object.entries(kinds)) {
    const scenarios = ['promise', 'immediate'].map((inside) =>
      undisturbed({ steps, inside, ...kind }),
    );
    test(`${steps.join(', ')}: ${title}`, async () => {
      for (const play of scenarios) {
        const checks = await play();
        // Otherwise there was no comparison.
        assert.ok(checks.some(({ events }) => Object.keys(events).length > 0));
      }
    });
  }
}
