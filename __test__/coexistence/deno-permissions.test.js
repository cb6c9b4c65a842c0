'use strict';

// Deno without permissions, and with some: the package loads and carries context, and the addon
// names the permissions it needs. In an installed copy of the package: require() of installed
// packages needs no permission.

const assert = require('node:assert/strict');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const test = require('node:test');
const { copyPackage } = require('../helpers/package-copy.js');
const { runtime } = require('../helpers/runtimes.js');

const options = { skip: runtime !== 'deno' };
const NEEDED = '--allow-read and --allow-ffi';

let folder;

test.before(() => {
  if (options.skip) return;
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'async-hooks-rs-'));
  fs.writeFileSync(
    path.join(folder, 'package.json'),
    JSON.stringify({ dependencies: { 'async-hooks-rs': '0' } }),
  );
  const installed = path.join(folder, 'node_modules', 'async-hooks-rs');
  copyPackage(installed, (name) => /^package\.json$|\.(?:js|node)$/.test(name));
});

test.after(() => {
  if (folder !== undefined) fs.rmSync(folder, { recursive: true });
});

/** Runs an ES module with these flags, and returns its output. */
async function run(flags, source, env = {}) {
  const file = path.join(folder, 'program.mjs');
  fs.writeFileSync(file, source);
  // Its own way to start a process: node:child_process hands the permissions on.
  const { code, stdout, stderr } = await new globalThis.Deno.Command(process.execPath, {
    args: ['run', '--quiet', '--no-prompt', ...flags, file],
    cwd: folder,
    env: { NO_COLOR: '1', ...env },
  }).output();
  const [printed, complaints] = [stdout, stderr].map((bytes) => Buffer.from(bytes).toString());
  assert.deepEqual({ code, complaints }, { code: 0, complaints: '' });
  return printed;
}

const CONTEXT = `
  import { AsyncLocalStorage, engine } from 'async-hooks-rs';
  import { AsyncContext } from 'async-hooks-rs/async-context';
  const storage = new AsyncLocalStorage();
  const variable = new AsyncContext.Variable();
  await storage.run('store', () => variable.run('value', async () => {
    await null;
    console.log(engine().name, storage.getStore(), variable.get());
  }));
  console.log(engine().native.reason);
`;

for (const [flags, refused] of [
  [[], /^Requires read access to "/],
  [['--allow-env=ASYNC_HOOKS_RS_ENGINE'], /^Requires read access to "/],
  [['--allow-read'], /^Requires ffi access to ".+\.node"/],
]) {
  test(`context is carried with ${flags.join(' ') || 'no permission'}`, options, async () => {
    const [carried, reason] = (await run(flags, CONTEXT)).split('\n');
    assert.equal(carried, 'deno store value');
    assert.match(reason, refused);
    assert.ok(reason.endsWith(`(it takes ${NEEDED})`), reason);
  });
}

test('ASYNC_HOOKS_RS_ENGINE applies if it may be read', options, async () => {
  const printed = async (flags) =>
    (
      await run(
        flags,
        `
    import { engine } from 'async-hooks-rs';
    console.log(engine().name);
  `,
        { ASYNC_HOOKS_RS_ENGINE: 'builtin' },
      )
    ).trim();
  assert.equal(await printed(['--allow-env=ASYNC_HOOKS_RS_ENGINE']), 'builtin');
  assert.equal(await printed([]), 'deno');
});

test('register replaces the classes without any permission', options, async () => {
  const register = './node_modules/async-hooks-rs/register.js';
  assert.equal(
    await run(
      ['--require', register],
      `
    import asyncHooks from 'node:async_hooks';
    import { Worker } from 'node:worker_threads';
    import { AsyncLocalStorage } from 'async-hooks-rs';
    const worker = new Worker(new URL('data:text/javascript,postMessage("started")'));
    worker.once('message', () => worker.terminate());
    console.log(asyncHooks.AsyncLocalStorage === AsyncLocalStorage);
  `,
    ),
    'true\n',
  );
});

test('a pool names the permissions it needs, and runs with them', options, async () => {
  const source = `
    import { WorkerPool } from 'async-hooks-rs/worker-pool';
    try {
      await using pool = new WorkerPool();
      console.log(await pool.run({ a: 1, b: 2 }));
    } catch ({ code, message }) {
      console.log(code, message);
    }
  `;
  const refused = await run([], source);
  assert.match(refused, /^ERR_WORKER_POOL_UNAVAILABLE .*: Requires read access to "/);
  assert.ok(refused.includes(NEEDED), refused);
  assert.equal(await run(['--allow-read', '--allow-ffi'], source), '3\n');
});
