'use strict';

// The package loads where a test runner has replaced Module._load(): by a function that needs a
// parent, as in vitest's vmThreads, or by one that refuses.

const { test } = require('node:test');
const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');

const index = JSON.stringify(require.resolve('../../index.js'));

function run(loader) {
  const program = `
    const Module = require('node:module');
    const { _load: load } = Module;
    Module._load = ${loader};
    const { AsyncLocalStorage } = require(${index});
    const storage = new AsyncLocalStorage();
    storage.run('store', () => setTimeout(() => console.log(storage.getStore())));`;
  return execFileSync(process.execPath, [...process.execArgv, '-e', program], { encoding: 'utf8' });
}

test('a Module._load() that resolves from its parent loads the package', () => {
  assert.equal(
    run(`function (request, parent, ...rest) {
    Module.createRequire(parent?.filename ?? request);
    return load.call(this, request, parent, ...rest);
  }`),
    'store\n',
  );
});

test('a Module._load() that refuses other callers than require() loads the package', () => {
  assert.equal(
    run(`function (request, parent, ...rest) {
    if (new Error().stack.split('\\n')[2].includes('builtin-module.js')) {
      throw new Error('not for others');
    }
    return load.call(this, request, parent, ...rest);
  }`),
    'store\n',
  );
});
