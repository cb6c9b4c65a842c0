'use strict';

// Test runners whose tests run in realms of their own, and what a deployment tool copies.

const assert = require('node:assert');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { targets } = require('../../scripts/release/targets.js');

const VITEST_POOLS = ['threads', 'forks', 'vmThreads', 'vmForks'];

module.exports = ({ installed, work }) => {
  const execute = (...args) =>
    execFileSync(process.execPath, args, {
      cwd: work,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  const inPackage = (name, ...file) =>
    path.join(path.dirname(require.resolve(`${name}/package.json`)), ...file);

  return [
    ...VITEST_POOLS.map((pool) => ({
      name: `vitest, ${pool}`,
      check() {
        fs.writeFileSync(
          path.join(work, 'vitest.config.mjs'),
          "export default { test: { include: ['*.vitest.mjs'] } };\n",
        );
        execute(inPackage('vitest', 'vitest.mjs'), 'run', `--pool=${pool}`);
      },
    })),
    {
      name: 'jest',
      check() {
        execute(
          inPackage('jest', 'bin', 'jest.js'),
          '--rootDir',
          work,
          '--config',
          JSON.stringify({ testMatch: ['**/*.jest.cjs'], modulePathIgnorePatterns: ['/next/'] }),
        );
      },
    },
    {
      name: '@vercel/nft: copies the addon and the program of the workers',
      async check() {
        const { nodeFileTrace } = require('@vercel/nft');
        const { fileList } = await nodeFileTrace([path.join(work, 'pool.mjs')], { base: '/' });
        const copied = new Set([...fileList].map((file) => path.join('/', file)));
        const platforms = targets
          .flatMap(({ packageName, addons: [{ binary }] }) => [
            `../${packageName}/package.json`,
            `../${packageName}/${binary}`,
          ])
          .filter((name) => fs.existsSync(path.join(installed, name)));
        assert.strictEqual(platforms.length, 2); // those of this machine
        for (const name of ['dist/platforms.js', 'dist/worker.js', 'package.json', ...platforms]) {
          assert.ok(copied.has(path.join(installed, name)), name);
        }
      },
    },
  ];
};
