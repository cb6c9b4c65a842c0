'use strict';

// What `register` does about callbacks of addons, in each thread, by the environment variable.

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { after, before, test } = require('node:test');
const { installedAs, missing } = require('../helpers/native-kinds.js');
const { replaces, runRegistered } = require('../helpers/register.js');
const { runScript } = require('../helpers/script.js');

const skip = missing() || (!replaces && 'the built-in classes stay');
const VARIABLE = 'ASYNC_HOOKS_RS_NATIVE_CALLBACKS';

const known = [
  'bcrypt/prebuilds/linux-x64/bcrypt.glibc.node',
  'bcrypt/lib/binding/napi-v3/bcrypt_lib.node',
  '@img/sharp-linux-x64/lib/sharp-linux-x64-0.35.5.node',
  '@img/sharp-darwin-arm64/lib/sharp-darwin-arm64.node',
  'sqlite3/build/Release/node_sqlite3.node',
];
// The last ones keep functions for later calls.
const others = [
  'other/other.node',
  'bcrypt/node_modules/other/other.node',
  '@koromix/koffi-linux-x64/linux_x64/koffi.node',
  '@duckdb/node-bindings-linux-x64/duckdb.node',
];

let folder;
before(() => {
  if (!skip) folder = installedAs(...known, ...others);
});
after(() => {
  if (!skip) fs.rmSync(folder, { recursive: true, force: true });
});

const PROBE = `
  const path = require('node:path');
  const look = (file) => {
    const addon = require(path.join(folder, 'node_modules', file));
    return !/native code/.test(String(addon.fromThread));
  };`;

/** Which of the addons bind what they are given. */
async function binding(value, files = [...known, ...others]) {
  const { printed } = await runRegistered(
    `
    const folder = ${JSON.stringify(folder)};
    ${PROBE}
    for (const file of ${JSON.stringify(files)}) print(look(file));
  `,
    { env: { [VARIABLE]: value } },
  );
  return files.filter((file, i) => printed[i]);
}

test('without the variable, known addons bind what they are given', { skip }, async () => {
  assert.deepEqual(await binding(''), known);
  assert.deepEqual(await binding('known'), known);
});

test('`off`: none, `arguments` and `all`: every addon', { skip }, async () => {
  assert.deepEqual(await binding('off'), []);
  assert.deepEqual(await binding('arguments'), [...known, ...others]);
  assert.deepEqual(await binding('all'), [...known, ...others]);
});

test('`all` also carries the context of native objects', { skip }, async () => {
  const { printed } = await runRegistered(
    `
    const addon = require(${JSON.stringify(path.join(folder, 'node_modules', others[0]))});
    const storage = new asyncHooks.AsyncLocalStorage();
    storage.run('A', () => new addon.Thing().fixed(() => print(storage.getStore())));
  `,
    { env: { [VARIABLE]: 'all' } },
  );
  assert.deepEqual(printed, ['A']);
});

test('what binds is loaded with the first addon', { skip }, async () => {
  const { printed } = await runRegistered(`
    const path = require('node:path');
    const ours = [path.join('native-callbacks', 'bound.js'), path.join('dist', 'callbacks.js')];
    const isLoaded = () => Object.keys(require.cache)
      .some((file) => ours.some((end) => file.endsWith(end)));
    print(isLoaded());
    require(${JSON.stringify(path.join(folder, 'node_modules', known[0]))});
    print(isLoaded());
  `);
  assert.deepEqual(printed, [false, true]);
});

test('an unknown value is an error', async () => {
  const { code, stderr } = await runScript('', {
    args: ['--require', 'async-hooks-rs/register'],
    env: { [VARIABLE]: 'some' },
  });
  assert.equal(code, 1);
  assert.match(
    stderr,
    new RegExp(
      'RangeError \\[ERR_ASYNC_HOOKS_RS_NATIVE_CALLBACKS_UNKNOWN\\]: ' +
        `The environment variable ${VARIABLE} must be one of off, known, arguments, all. ` +
        "Received 'some'",
    ),
  );
});

test('in a Worker, and not after unregister()', { skip }, async () => {
  const { printed } = await runRegistered(`
    const folder = ${JSON.stringify(folder)};
    ${PROBE}
    const { once } = require('node:events');
    const { Worker } = require('node:worker_threads');
    (async () => {
      const [file] = ${JSON.stringify(known)};
      const worker = new Worker(\`
        const folder = \${JSON.stringify(folder)};
        ${PROBE}
        require('node:worker_threads').parentPort.postMessage(look('\${file}'));
      \`, { eval: true, env: {} });
      print((await once(worker, 'message'))[0]);
      print(look(file));
      require('async-hooks-rs/register').unregister();
      print(look(file));
    })();
  `);
  assert.deepEqual(printed, [true, true, false]);
});
