'use strict';

// Test runners whose tests run in realms of their own, and what a deployment tool copies.

const assert = require('node:assert');
const { execFileSync, spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { targets } = require('../../scripts/release/targets.js');

const VITEST_POOLS = ['threads', 'forks', 'vmThreads', 'vmForks'];

module.exports = ({ installed, work, binaries }) => {
  const execute = (...args) =>
    execFileSync(process.execPath, args, {
      cwd: work,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  const inPackage = (name, ...file) =>
    path.join(path.dirname(require.resolve(`${name}/package.json`)), ...file);

  const jest = (...testMatch) => [
    inPackage('jest', 'bin', 'jest.js'),
    '--rootDir',
    work,
    '--config',
    JSON.stringify({ testMatch, modulePathIgnorePatterns: ['/next/'] }),
  ];

  function vitest(...args) {
    fs.writeFileSync(
      path.join(work, 'vitest.config.mjs'),
      "export default { test: { include: ['*.vitest.mjs'] } };\n",
    );
    return [inPackage('vitest', 'vitest.mjs'), 'run', ...args];
  }

  /** That the finder names the lines of a test that loses context, and finds nothing else. */
  function assertFound(node, name, args) {
    const report = path.join(work, 'trace.json');
    const command = path.join(installed, 'bin', 'async-hooks-rs.js');
    const { status, stdout, stderr } = spawnSync(
      node,
      [command, 'trace', '--fail', '--json', report, '--', node, ...args],
      { cwd: work, encoding: 'utf8' },
    );
    assert.strictEqual(status, 1, `${stdout}${stderr}`);
    const lines = fs.readFileSync(path.join(work, name), 'utf8').split('\n');
    const placeOf = (text) => ({
      file: path.join(work, name),
      line: 1 + lines.findIndex((line) => line.includes(text)),
    });
    const { findings } = JSON.parse(fs.readFileSync(report, 'utf8'));
    const found = findings.map(({ certain, kind, read, made, ranBy }) => ({
      certain,
      kind,
      places: [read, made, ranBy].map(({ file, line }) => ({ file, line })),
    }));
    const places = ['getStore()', 'push(() =>', 'callback()'].map(placeOf);
    assert.deepStrictEqual(found, [{ certain: true, kind: 'lost', places }]);
  }

  return [
    ...VITEST_POOLS.map((pool) => ({
      name: `vitest, ${pool}`,
      check: () => execute(...vitest(`--pool=${pool}`)),
    })),
    { name: 'jest', check: () => execute(...jest('**/*.jest.cjs')) },
    ...[...binaries].flatMap(([major, node]) => [
      {
        name: `the finder with vitest, Node ${major}`,
        check: () => assertFound(node, 'lost.vitest.mjs', vitest('lost', 'guide')),
      },
      {
        name: `the finder with jest, Node ${major}`,
        check() {
          const args = jest('**/lost.jest.cjs', '**/guide.jest.cjs');
          assertFound(node, 'lost.jest.cjs', [...args, '--runInBand']);
        },
      },
    ]),
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
