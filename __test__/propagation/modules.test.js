'use strict';

// Modules: the code of a module runs in the scope of its first import.

const assert = require('node:assert/strict');
const { execFile } = require('node:child_process');
const { promisify } = require('node:util');
const { suite } = require('../helpers/suite.js');
const { storage, carries } = require('../helpers/carries.js');

const test = suite(__filename);
let evaluations = 0;

/** Imports the fixture again: the query makes it another module. */
const importFresh = () => {
  globalThis.asyncHooksRsTest = { storage };
  return import(`../fixtures/module-imported.mjs?evaluation=${evaluations++}`);
};

test('a module is evaluated in the scope of its import()', async () => {
  const { stores } = await storage.run('importer', importFresh);
  assert.deepEqual(stores, ['importer', 'importer', 'importer']);
  assert.equal(storage.getStore(), undefined);
});

carries(
  test,
  'import() of a module: built-in, new, missing',
  async (report) => {
    await import('node:fs');
    report();
    const { stores } = await importFresh();
    assert.deepEqual(stores, Array(3).fill(storage.getStore()));
    report();
    await assert.rejects(import('../fixtures/does-not-exist.mjs'), {
      code: 'ERR_MODULE_NOT_FOUND',
    });
    report();
  },
  { times: 3 },
);

carries(test, 'require() is evaluated in place', (report) => {
  const file = require.resolve('../fixtures/required.js');
  delete require.cache[file];
  globalThis.asyncHooksRsTest = { report };
  require(file);
});

test('top-level await', async () => {
  const file = require.resolve('../fixtures/top-level-await.mjs');
  const { stdout } = await promisify(execFile)(process.execPath, [...process.execArgv, file]);
  assert.deepEqual(JSON.parse(stdout), {
    found: ['entered', 'entered', 'entered', 'inside', 'entered', 'entered'],
    stores: ['importer', 'importer', 'importer'],
  });
});
