'use strict';

// The exports of the package, for CommonJS and for ES modules.

const test = require('node:test');
const assert = require('node:assert/strict');
const { execFile } = require('node:child_process');
const path = require('node:path');
const { promisify } = require('node:util');
const asyncHooks = require('node:async_hooks');
const asyncHooksRs = require('../../index.js');

const NODES_OWN = [
  'createHook',
  'executionAsyncId',
  'triggerAsyncId',
  'executionAsyncResource',
  'asyncWrapProviders',
];
const OURS = ['AsyncLocalStorage', 'AsyncResource', 'engine', 'keepNativeCallbacks'];

test('every export of node:async_hooks exists', () => {
  for (const name of Object.keys(asyncHooks)) assert.ok(name in asyncHooksRs, name);
});

for (const name of NODES_OWN) {
  test(`${name} is that of node:async_hooks`, () => {
    assert.notEqual(asyncHooksRs[name], undefined);
    assert.equal(asyncHooksRs[name], asyncHooks[name]);
  });
}

test('the classes are ours, and the same at every access', () => {
  for (const name of ['AsyncLocalStorage', 'AsyncResource']) {
    assert.equal(typeof asyncHooksRs[name], 'function');
    assert.notEqual(asyncHooksRs[name], asyncHooks[name]);
    assert.equal(asyncHooksRs[name], asyncHooksRs[name]);
  }
});

test('exports are plain data properties', () => {
  for (const name of [...NODES_OWN, ...OURS]) {
    const { value, enumerable } = Object.getOwnPropertyDescriptor(asyncHooksRs, name);
    assert.notEqual(value, undefined, name);
    assert.ok(enumerable, name);
  }
});

test('loading the package leaves node:async_hooks as it is', () => {
  assert.ok(!(new asyncHooksRs.AsyncLocalStorage() instanceof asyncHooks.AsyncLocalStorage));
  assert.deepEqual(Reflect.ownKeys(asyncHooks.AsyncResource.prototype), [
    'constructor',
    'runInAsyncScope',
    'emitDestroy',
    'asyncId',
    'triggerAsyncId',
    'bind',
  ]);
});

test('an ES module can import every name', async () => {
  const fixture = path.join(__dirname, '..', 'fixtures', 'esm-names.mjs');
  const { stdout } = await promisify(execFile)(process.execPath, [fixture]);
  const { names, ...rest } = JSON.parse(stdout);
  for (const name of [...NODES_OWN, ...OURS]) assert.ok(names.includes(name), name);
  assert.deepEqual(rest, {
    defaultIsRequired: true,
    classesAreRequired: true,
    restIsNodes: true,
    store: 1,
  });
});
