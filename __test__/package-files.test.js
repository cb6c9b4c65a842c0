'use strict';

// The places where a bundled and an unbundled package looks for the addon and the program of the
// workers. A copy of the scripts without package.json stands for a bundle: it is not in a folder of
// the package. bundlers/ tests the output of real bundlers.

const { describe, it, before, after } = require('node:test');
const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { copyPackage } = require('./helpers/package-copy.js');
const { VERSION, packageFiles } = require('../lib/package/files.js');
const { engine } = require('../index.js');
const manifest = require('../package.json');

const root = path.resolve(__dirname, '..');
const withAddon = { skip: engine().native.loaded ? false : 'the addon cannot be loaded' };

const PROGRAM = `
const { AsyncLocalStorage, WorkerPool, engine } = require('./bundle/index.js');
const storage = new AsyncLocalStorage();
async function sum(...processor) {
  const pool = new WorkerPool(1, ...processor);
  const result = await pool.run({ a: 42, b: 100 });
  await pool.close();
  return result;
}
storage.run('store', () => Promise.all([sum(), sum('./processor.cjs')]).then(
  (sums) => console.log(JSON.stringify({ sums, store: storage.getStore() })),
  ({ code, message }) => console.log(JSON.stringify({
    code, message, store: storage.getStore(), reason: engine().native.reason,
  })),
));`;

describe('files of the package', () => {
  let folder;
  before(() => {
    folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'async-hooks-rs-')));
    copyPackage(path.join(folder, 'bundle'), (file) => file === 'index.js');
    fs.writeFileSync(path.join(folder, 'program.cjs'), PROGRAM);
    fs.writeFileSync(path.join(folder, 'processor.cjs'), 'module.exports = (t) => t.a + t.b;');
    fs.mkdirSync(path.join(folder, 'elsewhere'));
  });
  after(() => fs.rmSync(folder, { recursive: true, force: true }));

  // No engine is forced: some need the addon, which may be missing here.
  const env = { ...process.env, ASYNC_HOOKS_RS_ENGINE: '' };
  const run = (cwd = folder) =>
    JSON.parse(
      execFileSync(process.execPath, [...process.execArgv, path.join(folder, 'program.cjs')], {
        cwd,
        env,
        encoding: 'utf8',
      }),
    );

  /** Puts `make(place)` where the package would be installed, while `use` runs. */
  function installed(at, make, use) {
    const place = path.join(at, 'node_modules', 'async-hooks-rs');
    fs.mkdirSync(path.dirname(place), { recursive: true });
    make(place);
    try {
      return use();
    } finally {
      fs.rmSync(path.join(at, 'node_modules'), { recursive: true });
    }
  }
  const linked = (place) => fs.symlinkSync(root, place, 'junction');

  it('the version is that of package.json', () => {
    assert.equal(VERSION, manifest.version);
  });

  it('without a bundle the files are beside the scripts', () => {
    assert.deepEqual(packageFiles(), {
      files: {
        folder: root,
        platforms: path.join(root, 'lib', 'package', 'platforms.js'),
        workerProgram: path.join(root, 'lib', 'worker', 'main.js'),
      },
      reason: undefined,
    });
  });

  it('a bundle without an installed package has no pool, and says why', () => {
    const { code, message, store, reason } = run();
    assert.equal(store, 'store');
    assert.equal(code, 'ERR_WORKER_POOL_UNAVAILABLE');
    assert.match(message, /keep the package external/);
    assert.match(reason, /^it was bundled, and is not installed where the bundle runs/);
    assert.ok(reason.includes(path.join(folder, 'program.cjs')), reason);
  });

  it('a bundle with the package installed beside it has a pool', withAddon, () => {
    const outcome = installed(folder, linked, run);
    assert.deepEqual(outcome, { sums: [142, 142], store: 'store' });
  });

  it('a bundle with the package in the working directory has a pool', withAddon, () => {
    const elsewhere = path.join(folder, 'elsewhere');
    fs.copyFileSync(path.join(folder, 'processor.cjs'), path.join(elsewhere, 'processor.cjs'));
    const outcome = installed(elsewhere, linked, () => run(elsewhere));
    assert.deepEqual(outcome, { sums: [142, 142], store: 'store' });
  });

  it('a bundle does not use another installed version', () => {
    const { code, message } = installed(
      folder,
      (place) => {
        fs.mkdirSync(place);
        fs.writeFileSync(
          path.join(place, 'package.json'),
          JSON.stringify({ name: 'async-hooks-rs', version: '99.0.0' }),
        );
      },
      run,
    );
    assert.equal(code, 'ERR_WORKER_POOL_UNAVAILABLE');
    assert.match(message, /bundled in version [\d.]+, and the one installed in .* is 99\.0\.0$/);
  });

  const title = 'installed without the program of the workers: not said to be the processor';
  it(title, withAddon, () => {
    const { code, message } = installed(
      folder,
      (place) => {
        fs.mkdirSync(place);
        fs.copyFileSync(path.join(root, 'package.json'), path.join(place, 'package.json'));
      },
      run,
    );
    assert.equal(code, 'ERR_WORKER_POOL_UNAVAILABLE');
    assert.match(message, /There is no file .*worker\.js$/);
  });
});
