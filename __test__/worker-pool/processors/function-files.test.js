'use strict';

// The forms in which a processor file may be given, and characters that its path may contain.

const assert = require('node:assert/strict');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { pathToFileURL } = require('node:url');
const { poolSuite } = require('../../helpers/pool-suite.js');
const { fixture, withPool } = require('../../helpers/with-pool.js');
const { runProgram } = require('../../helpers/program.js');

const test = poolSuite();

const works = (processor) =>
  withPool([1, processor], async (pool) => {
    assert.equal(await pool.run(21), 42);
    assert.equal(await pool.run(-1), -2);
  });

const ways = {
  'an absolute path': (file) => file,
  'a relative path': (file) => path.relative(process.cwd(), file),
  'a relative path that begins with a dot': (file) =>
    `.${path.sep}${path.relative(process.cwd(), file)}`,
  'a path that is not normal': (file) =>
    [path.dirname(file), 'nowhere', '..', '.', path.basename(file)].join(path.sep),
  'a URL': (file) => pathToFileURL(file),
  'a URL as a string': (file) => pathToFileURL(file).href,
};

for (const [title, way] of Object.entries(ways)) {
  for (const name of ['function-module-exports.js', 'function-default.mjs']) {
    test(`the file may be given as ${title}: ${name}`, () => works(way(fixture(name))));
  }

  test(`a path as ${title} may contain spaces, #, %, ? and letters of all kinds`, async () => {
    const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'worker pool '));
    try {
      for (const name of [
        'with%20escape.js',
        'with%.js',
        'with#hash?question.js',
        'with\'quote" [brackets] Ümlaut ß 中文😀.js',
        'a#b c%d?e.mjs',
      ]) {
        // Some systems do not allow each of them in a name.
        if (process.platform === 'win32' && /[?"]/.test(name)) continue;
        const file = path.join(directory, name);
        fs.writeFileSync(
          file,
          name.endsWith('.mjs') ? 'export default (n) => 2 * n;' : 'module.exports = (n) => 2 * n;',
        );
        await works(way(file));
      }
    } finally {
      fs.rmSync(directory, { recursive: true });
    }
  });
}

test('a file may have no extension, or .cjs, and be in a folder with spaces', async () => {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'worker-pool-'));
  try {
    const folder = path.join(directory, 'a folder');
    fs.mkdirSync(folder);
    for (const name of ['processor', 'processor.cjs']) {
      fs.writeFileSync(path.join(folder, name), 'module.exports = (n) => 2 * n;');
      await works(path.join(folder, name));
    }
  } finally {
    fs.rmSync(directory, { recursive: true });
  }
});

test('a symbolic link may name the file', async () => {
  if (process.platform === 'win32') return; // requires a privilege there
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'worker-pool-'));
  try {
    const link = path.join(directory, 'link.js');
    fs.symlinkSync(fixture('function-module-exports.js'), link);
    await works(link);
  } finally {
    fs.rmSync(directory, { recursive: true });
  }
});

test('a relative path is resolved when the constructor is called', async () => {
  const directory = path.dirname(fixture('function-module-exports.js'));
  assert.equal(
    await runProgram(
      async ({ folder }) => {
        const os = require('node:os');
        const { WorkerPool } = require('async-hooks-rs');
        process.chdir(folder);
        const pool = new WorkerPool(1, 'function-module-exports.js', { minThreads: 0 });
        process.chdir(os.tmpdir());
        const result = await pool.run(21);
        await pool.close();
        return result;
      },
      { data: { folder: directory } },
    ),
    42,
  );
});
