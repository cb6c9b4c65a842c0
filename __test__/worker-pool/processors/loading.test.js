'use strict';

// A CommonJS processor is loaded as Node loads the program of a thread, all others are imported;
// and what makes a processor one or the other is what makes it so for Node.

const assert = require('node:assert/strict');
const fs = require('node:fs');
const { pathToFileURL } = require('node:url');
const { poolSuite } = require('../../helpers/pool-suite.js');
const { processorFolder } = require('../../helpers/processor-folder.js');
const { withPool } = require('../../helpers/with-pool.js');

const test = poolSuite();

// Bun and Deno load every processor in the same way.
const isNode = !('bun' in process.versions || 'deno' in process.versions);
const LOADED = isNode ? 'loaded' : 'imported';

const HOW = `
Error.stackTraceLimit = 50;
const how = new Error().stack.includes('loadCommonJS') ? 'loaded' : 'imported';
`;
const COMMONJS = `${HOW} module.exports = () => how;`;
const MODULE = `${HOW} export default () => how;`;
const LARGE = `${COMMONJS} // ${'-'.repeat(64 * 1024)}`;

const howIsItLoaded = (processor, options) =>
  withPool([1, processor, options], (pool) => pool.run());

async function imports(file) {
  try {
    await import(pathToFileURL(file).href);
    return true;
  } catch {
    return false;
  }
}

const manifest = (type) => JSON.stringify({ type });

const files = [
  ['a .cjs file', 'a.cjs', COMMONJS, undefined, LOADED],
  ['a .cjs file among modules', 'a.cjs', COMMONJS, manifest('module'), LOADED],
  ['a .js file without a type', 'a.js', COMMONJS, undefined, LOADED],
  ['a .js file in a package without a type', 'a.js', COMMONJS, '{}', LOADED],
  ['a .js file in a package of CommonJS', 'a.js', COMMONJS, manifest('commonjs'), LOADED],
  ['a large one there', 'a.js', LARGE, manifest('commonjs'), LOADED],
  ['a large .js file without a type', 'a.js', LARGE, undefined, 'imported'],
  ['a .js file with a byte order mark', 'a.js', `\uFEFF${COMMONJS}`, undefined, LOADED],
  ['a .js file that begins with #!', 'a.js', `#!/usr/bin/env node\n${COMMONJS}`, undefined, LOADED],
  ['a .js file among modules', 'a.js', MODULE, manifest('module'), 'imported'],
  ['an .mjs file among CommonJS', 'a.mjs', MODULE, manifest('commonjs'), 'imported'],
  ['a file without an extension', 'a', COMMONJS, undefined, 'imported'],
];

for (const [title, name, source, type, expected] of files) {
  test(`${title} is ${expected}`, async (t) => {
    const write = processorFolder(t);
    if (type !== undefined) write('package.json', type);
    assert.equal(await howIsItLoaded(write(name, source)), expected);
  });
}

for (const [title, source] of [
  ['export', MODULE],
  ['a top-level await', `${MODULE} await null;`],
]) {
  test(`a .js file without a type and with ${title} is a module where Node says so`, async (t) => {
    const file = processorFolder(t)('a.js', source);
    if (await imports(file)) assert.equal(await howIsItLoaded(file), 'imported');
    else await assert.rejects(howIsItLoaded(file), { code: 'ERR_WORKER_POOL_WORKER_START' });
  });
}

test('a symbolic link is what it leads to', async (t) => {
  if (process.platform === 'win32') return; // requires a privilege there
  const write = processorFolder(t);
  const target = write('target.mjs', MODULE);
  fs.symlinkSync(target, write('link.js'));
  fs.symlinkSync(write('target.cjs', COMMONJS), write('other.js'));
  assert.equal(await howIsItLoaded(write('link.js')), 'imported');
  assert.equal(await howIsItLoaded(write('other.js')), LOADED);
});

test('a URL with a query is imported', async (t) => {
  const url = pathToFileURL(processorFolder(t)('a.cjs', COMMONJS));
  url.search = '?query';
  assert.equal(await howIsItLoaded(url), 'imported');
});

test('with --import, everything is imported', { skip: !isNode }, async (t) => {
  const write = processorFolder(t);
  const file = write('a.cjs', COMMONJS);
  const preload = pathToFileURL(write('preload.mjs', '')).href;
  for (const execArgv of [['--import', preload], [`--import=${preload}`]]) {
    assert.equal(await howIsItLoaded(file, { execArgv }), 'imported');
  }
  const env = { ...process.env, NODE_OPTIONS: `--import ${preload}` };
  assert.equal(await howIsItLoaded(file, { env }), 'imported');
});

test('a loaded processor is not the main module, and has no parent', async (t) => {
  const file = processorFolder(t)(
    'a.cjs',
    'const is = [require.main === module, !module.parent]; module.exports = () => is;',
  );
  assert.deepEqual(await howIsItLoaded(file), [false, true]);
});

test('what is missing or cannot be compiled fails as an import', async (t) => {
  const write = processorFolder(t);
  fs.mkdirSync(write('folder.cjs'));
  for (const [file, message] of [
    [write('missing.cjs'), /Cannot find module/],
    [write('folder.cjs'), /irectory/],
    [write('broken.js', 'module.exports = ('), /Unexpected|Expected/],
  ]) {
    await assert.rejects(howIsItLoaded(file), (error) => {
      assert.equal(error.code, 'ERR_WORKER_POOL_WORKER_START');
      if (isNode) assert.match(error.message, message);
      return true;
    });
  }
});

test('the names of a loaded processor are told if none of them is the function', async (t) => {
  const file = processorFolder(t)('a.cjs', 'exports.b = () => {}; exports.a = 1;');
  await assert.rejects(howIsItLoaded(file, { name: 'c' }), {
    message: /there is no function 'c', its exports are: a, b, default$/,
  });
  assert.equal(await howIsItLoaded(file, { name: 'b' }), undefined);
});
