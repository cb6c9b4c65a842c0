'use strict';

// The sources of the packages that this one is built with: all of them parse, and so do their
// transforms, with as many lines.

const { it } = require('node:test');
const assert = require('node:assert/strict');
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const root = path.resolve(__dirname, '..', '..', '..');
const addonModule = require.resolve('../../../lib/package/trace-addon.js');

/** What V8 compiles as it is; Node's own file formats do not say it of every file in a package. */
function program(folder) {
  const vm = require('node:vm');
  const { readFileSync, readdirSync } = require('node:fs');
  const { join } = require('node:path');
  const { loadTraceAddon } = require(process.argv[1]);
  const addon = loadTraceAddon();
  const PARAMETERS = ['exports', 'require', 'module', '__filename', '__dirname'];
  const compilers = {
    commonjs: (code) => vm.compileFunction(code.replace(/^#!.*/, ''), PARAMETERS),
    module: (code) => new vm.SourceTextModule(code),
  };
  const compiles = (format, code) => {
    try {
      compilers[format](code);
      return true;
    } catch {
      return false;
    }
  };
  const linesOf = (code) => code.split('\n').length;
  let count = 0;
  const wrong = [];
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !/\.[cm]?js$/.test(entry.name)) continue;
    const file = join(entry.parentPath ?? entry.path, entry.name);
    const source = readFileSync(file, 'utf8');
    const format = Object.keys(compilers).find((one) => compiles(one, source));
    if (format === undefined) continue; // it is not for Node
    count++;
    for (const deep of [false, true]) {
      const options = { deep, sourceMap: false, mends: [] };
      const code = addon.transform(source, file, format, options)?.code;
      const isRight =
        code !== undefined && compiles(format, code) && linesOf(code) === linesOf(source);
      if (!isRight) wrong.push({ file, format, deep, parses: code !== undefined });
    }
  }
  console.log(JSON.stringify({ count, wrong }));
}

function check(t, folder) {
  const script = `(${program})(${JSON.stringify(folder)})`;
  const args = ['--no-warnings', '--experimental-vm-modules', '-e', script, addonModule];
  const { stdout, stderr, status } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  const { count, wrong } = JSON.parse(stdout);
  t.diagnostic(`${count} sources in ${path.relative(root, folder)}`);
  assert.deepEqual(wrong, []);
  return count;
}

it('every source of the packages below node_modules is transformed', (t) => {
  assert.ok(check(t, path.join(root, 'node_modules')) > 100);
});

// They are installed by `npm run test:ecosystem`.
const ecosystem = path.join(root, '__test__', 'ecosystem', 'node_modules');
it('and so is every one of the ecosystem', { skip: !fs.existsSync(ecosystem) }, (t) => {
  assert.ok(check(t, ecosystem) > 1000);
});
