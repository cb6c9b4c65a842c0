'use strict';

// `register` on Node, Bun and Deno: which of the ways to node:async_hooks give our classes, and
// what it says of that.

const assert = require('node:assert/strict');
const { execFile } = require('node:child_process');
const path = require('node:path');
const test = require('node:test');
const { runtime } = require('../helpers/runtimes.js');
const { FLAGS, replaces } = require('../helpers/register.js');

const root = path.resolve(__dirname, '..', '..');
const program = path.join('__test__', 'fixtures', 'register', 'ways.js');
// Deno does not look for packages by the names that its flags are given.
const REGISTER = './register.js';
const args =
  runtime === 'deno'
    ? ['run', '--allow-all', '--quiet', '--unstable-detect-cjs']
    : process.execArgv;

const waysToOurs = {
  'require()': replaces,
  'require() without node:': replaces,
  'process.getBuiltinModule()': replaces,
  'import of the default': replaces,
  // Deno's are made when the process starts, and do not change with the module.
  'import of the names': replaces && runtime !== 'deno',
};

const said = replaces
  ? /^async-hooks-rs: registered in thread 0, engine \S+ \(.+\)\n$/
  : /^(async-hooks-rs: not registered in thread 0, the built-in classes stay: .+\n)+$/;

async function run(flag, debug) {
  const { code, stdout, stderr } = await new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [...args, flag, REGISTER, program],
      { cwd: root, env: { ...process.env, ASYNC_HOOKS_RS_DEBUG: debug } },
      (error, stdout, stderr) => resolve({ code: child.exitCode, stdout, stderr }),
    );
  });
  assert.equal(code, 0, stderr);
  return { printed: JSON.parse(stdout), stderr };
}

for (const flag of FLAGS) {
  test(`${flag}: the ways that give our classes`, async () => {
    const { printed, stderr } = await run(flag, '');
    assert.deepEqual(
      printed.isOurs,
      Object.fromEntries(Object.entries(waysToOurs).map(([way, ours]) => [way, [ours, ours]])),
    );
    assert.equal(stderr, '');
  });

  test(`${flag}: context is carried, whichever class a program gets`, async () => {
    const { printed } = await run(flag, '');
    assert.deepEqual(
      printed.stores,
      Object.fromEntries(Object.keys(waysToOurs).map((way) => [way, ['entered', 'made']])),
    );
  });

  test(`${flag}: what ASYNC_HOOKS_RS_DEBUG says`, async () => {
    assert.match((await run(flag, '1')).stderr, said);
  });
}
