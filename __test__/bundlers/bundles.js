'use strict';

// Each bundler builds a program with context and one with a pool; what it wrote runs in a folder
// with nothing else, and then with the package installed beside it.

const assert = require('node:assert');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { builders } = require('./builders.js');

module.exports = ({ installed, work, binaries }) => {
  const newest = [...binaries.values()].at(-1);

  /** Calls `use` with the path of a copy of the bundle that has no node_modules in reach. */
  function alone(file, use) {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'async-hooks-rs-'));
    try {
      fs.cpSync(path.dirname(file), folder, { recursive: true });
      fs.copyFileSync(path.join(work, 'processor.mjs'), path.join(folder, 'processor.mjs'));
      use(folder, path.basename(file));
    } finally {
      fs.rmSync(folder, { recursive: true, force: true });
    }
  }

  function run(node, folder, file) {
    const environment = { ...process.env, NODE_OPTIONS: '' };
    return JSON.parse(
      execFileSync(node, [file], { cwd: folder, encoding: 'utf8', env: environment }),
    );
  }

  function putBeside(folder) {
    fs.mkdirSync(path.join(folder, 'node_modules'));
    fs.symlinkSync(installed, path.join(folder, 'node_modules', 'async-hooks-rs'), 'junction');
  }

  async function build(bundler, app, options) {
    const folder = path.join(work, 'out', bundler, `${app}${options.external ? '-external' : ''}`);
    const { file, warnings } = await builders[bundler](
      path.join(work, `${app}.mjs`),
      folder,
      options,
    );
    assert.deepStrictEqual(warnings, []);
    return file;
  }

  return Object.keys(builders).flatMap((bundler) => [
    {
      name: `${bundler}: context, without configuration`,
      async check() {
        alone(await build(bundler, 'context', {}), (folder, file) => {
          for (const node of binaries.values()) {
            assert.deepStrictEqual(run(node, folder, file), ['store', 'value', 'store']);
          }
        });
      },
    },
    {
      name: `${bundler}: pool, bundled`,
      async check() {
        alone(await build(bundler, 'pool', {}), (folder, file) => {
          const [code, message] = run(newest, folder, file);
          assert.strictEqual(code, 'ERR_WORKER_POOL_UNAVAILABLE');
          assert.match(message, /keep the package external/);
          putBeside(folder);
          assert.deepStrictEqual(run(newest, folder, file), [142, 142]);
        });
      },
    },
    {
      name: `${bundler}: pool, the package external`,
      async check() {
        alone(await build(bundler, 'pool', { external: true }), (folder, file) => {
          putBeside(folder);
          assert.deepStrictEqual(run(newest, folder, file), [142, 142]);
        });
      },
    },
  ]);
};
