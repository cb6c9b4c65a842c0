'use strict';

// Random programs (run, enterWith, exit, withScope, disable, snapshot, bind, await, timers, in any
// nesting and order) agree with the simple model of the contract in helpers/model.js. Where Node
// has the same contract, the built-in class is also compared with the model.

const assert = require('node:assert/strict');
const asyncHooks = require('node:async_hooks');
const { AsyncLocalStorage, AsyncResource } = require('../../index.js');
const { name, nodeCarriesFrames, differs } = require('../helpers/engine.js');
const { Program } = require('../helpers/model.js');
const { suite } = require('../helpers/suite.js');

const test = suite(__filename);

const PROGRAMS = 120;
// Another seed finds other programs.
const SEED = Number(process.env.SEED ?? 1);

const three = (Class) => [1, 2, 3].map(() => new Class());

const ours = () => ({
  storages: three(AsyncLocalStorage),
  snapshot: () => AsyncLocalStorage.snapshot(),
  bind: (fn) => AsyncLocalStorage.bind(fn),
  improved: true,
  bindOnce: differs.enterWithSticksToResource,
});

const throughResources = () => ({
  ...ours(),
  bind(fn) {
    const resource = new AsyncResource('Model');
    return (visit) => resource.runInAsyncScope(fn, undefined, visit);
  },
});

const builtin = () => ({
  storages: three(asyncHooks.AsyncLocalStorage),
  snapshot: () => asyncHooks.AsyncLocalStorage.snapshot(),
  bind: (fn) => asyncHooks.AsyncLocalStorage.bind(fn),
  improved: false,
});

const mixed = () => ({
  ...ours(),
  storages: [new AsyncLocalStorage(), new asyncHooks.AsyncLocalStorage(), new AsyncLocalStorage()],
  improved: false,
});

async function alone(subject) {
  let checks = 0;
  for (let i = 0; i < PROGRAMS; i++) checks += await new Program(SEED + i, subject()).execute();
  assert.ok(checks > PROGRAMS * 100, `${checks} checks`);
}

// Interleaved on the same three storages, so that a leak of one reaches another.
async function together(subject) {
  const shared = { ...subject(), improved: false };
  // Each in a callback of its own: the caller of a program also sees a store entered at its start.
  const start = (seed) =>
    new Promise((resolve) => {
      setImmediate(() => resolve(new Program(seed, shared).execute()));
    });
  await Promise.all(Array.from({ length: PROGRAMS }, (_, i) => start(SEED + i)));
}

test('programs behave as the model says', () => alone(ours));

test('programs behave as the model says, with AsyncResources', () => alone(throughResources));

test('interleaved programs behave as the model says', () => together(ours));

// The built-in class has the model's contract where Node carries frames and knows withScope().
const comparable = nodeCarriesFrames && 'withScope' in asyncHooks.AsyncLocalStorage.prototype;

if (comparable) {
  test('the built-in class behaves as the model says', () => alone(builtin));
}

if (comparable && name === 'frame') {
  test('a built-in storage between two of ours behaves as the model says', () => alone(mixed));
}
