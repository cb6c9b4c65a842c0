'use strict';

// The main entry as it ships (scripts/dist.js), with all that it loads in one file: it exports what
// the sources export, to `require()` and to `import`.

const test = require('node:test');
const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { pathToFileURL } = require('node:url');

const root = path.resolve(__dirname, '..', '..');
const entry = path.join(root, 'dist', 'index.js');
const built = { skip: fs.existsSync(entry) ? false : 'there is no build' };

/** What Node adds to the names that it finds. */
const isOfNode = (name) => name === 'default' || name === 'module.exports';

test('it exports the names of the sources', built, () => {
  assert.deepEqual(Object.keys(require(entry)), Object.keys(require('../../index.js')));
});

test('import finds each of them, and no name of a module in it', built, async () => {
  const namespace = await import(pathToFileURL(entry).href);
  assert.deepEqual(
    Object.keys(namespace).filter((name) => !isOfNode(name)),
    Object.keys(require(entry)).sort(),
  );
  for (const [name, value] of Object.entries(require(entry))) assert.equal(namespace[name], value);
});
