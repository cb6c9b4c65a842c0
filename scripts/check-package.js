'use strict';

// Checks the package of a user: packs it, installs the tarball into an empty folder without any
// build tool in reach, and runs the documentation's example there on the oldest and the newest
// Node, with the addon and without; and a program that does not know of the package, with it
// preloaded.

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { npm } = require('./npm.js');
const { supported, nodeVersions } = require('./node-versions.js');

const root = path.resolve(__dirname, '..');
const program = `
const { AsyncLocalStorage, AsyncResource, engine } = require('async-hooks-rs');
const { Variable } = require('async-hooks-rs/async-context');
const WorkerPool = require('async-hooks-rs/worker-pool');
const variable = new Variable();
const storage = new AsyncLocalStorage();
const bound = storage.run(123, () => AsyncResource.bind(() => storage.getStore()));
async function pooled(...args) {
  try {
    const pool = new WorkerPool(1, ...args);
    const result = await pool.run({ a: 42, b: 100 });
    await pool.close();
    return result;
  } catch ({ code }) {
    return code;
  }
}
storage.run('id', () => variable.run('value', async () => {
  const sums = [await pooled(), await pooled('./task_processor.js')];
  await new Promise((resolve) => setTimeout(resolve, 1));
  const { name, native } = engine();
  console.log(JSON.stringify([storage.getStore(), bound(), name, native.loaded, variable.get(),
    ...sums]));
}));`;

// Node's classes keep the store of the inner enterWith(). The Worker must be like the main thread.
const unaware = `
const { AsyncLocalStorage } = require('node:async_hooks');
const { Worker, isMainThread, parentPort } = require('node:worker_threads');
const storage = new AsyncLocalStorage();
const restores = storage.run('outer', () => {
  storage.run('outer', () => storage.enterWith('inner'));
  return storage.getStore() === 'outer';
});
if (isMainThread) {
  new Worker(__filename, { execArgv: [] }).on('message', (inWorker) => {
    console.log(JSON.stringify([restores, inWorker]));
  });
} else {
  parentPort.postMessage(restores);
}`;

// The documentation's file, unchanged.
const processor = `
const { parentPort } = require('node:worker_threads');
parentPort.on('message', (task) => {
  parentPort.postMessage(task.a + task.b);
});`;

function check(condition, message) {
  if (!condition) throw new Error(`check-package: ${message}`);
}

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'async-hooks-rs-'));
try {
  // The addon was built by `npm install`; packing must not depend on building it again.
  const [{ filename, files }] = JSON.parse(
    npm(['pack', '--json', '--ignore-scripts', '--pack-destination', folder], root));
  const names = files.map(({ path: name }) => name);
  check(names.some((name) => name.endsWith('.node')), 'the tarball has no addon');
  check(names.includes('dist/index.js'), 'the tarball has no build of the sources');
  check(!names.some((name) => /^(dist\/index|lib\/.*)$/.test(name)),
    'the tarball has the sources, which would be run in place of the build');
  check(!names.some((name) => /^(src|target|__test__|benchmark|scripts)\//.test(name)),
    `the tarball has files that users do not need: ${names}`);
  fs.writeFileSync(path.join(folder, 'package.json'), '{ "private": true }\n');
  fs.writeFileSync(path.join(folder, 'task_processor.js'), processor);
  fs.writeFileSync(path.join(folder, 'unaware.js'), unaware);
  npm(['install', '--no-audit', '--no-fund', path.join(folder, filename)], folder);

  const binaries = nodeVersions([supported[0], supported.at(-1)]);
  for (const [major, node] of binaries) {
    for (const flags of [[], ['--no-addons']]) {
      const answer = execFileSync(node, [...flags, '-e', program], {
        cwd: folder, encoding: 'utf8', env: { ...process.env, NODE_OPTIONS: '' },
      });
      const [store, bound, engine, loaded, value, ...sums] = JSON.parse(answer);
      check(store === 'id' && bound === 123 && value === 'value',
        `wrong context on Node ${major}: ${answer}`);
      check(loaded === (flags.length === 0), `addon loaded: ${loaded} on Node ${major} ${flags}`);
      const sum = loaded ? 142 : 'ERR_WORKER_POOL_UNAVAILABLE';
      check(sums.every((each) => each === sum), `pool: ${sums} on Node ${major} ${flags}`);
      console.log(`installed package, Node ${major} ${flags.join(' ')}: engine ${engine}`);
    }
    for (const flag of ['--import', '--require']) {
      const answer = execFileSync(node, [flag, 'async-hooks-rs/register', 'unaware.js'], {
        cwd: folder, encoding: 'utf8', env: { ...process.env, NODE_OPTIONS: '' },
      });
      check(answer === '[true,true]\n', `${flag} register on Node ${major}: ${answer}`);
    }
  }
} finally {
  fs.rmSync(folder, { recursive: true, force: true });
}
