'use strict';

// Shows which callbacks of Node-API have the context of AsyncLocalStorage. Builds addon.c with `cc`
// (Linux, macOS) and the headers of this Node; NODE_INCLUDE=<folder> names others.

const { AsyncLocalStorage } = require('node:async_hooks');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'callback-scope-'));
const file = path.join(folder, 'addon.node');
const include =
  process.env.NODE_INCLUDE ??
  path.join(fs.realpathSync(process.execPath), '..', '..', 'include', 'node');
const shared = process.platform === 'darwin' ? ['-undefined', 'dynamic_lookup'] : ['-shared'];

let addon;
try {
  execFileSync(
    'cc',
    ['-fPIC', ...shared, '-I', include, '-o', file, path.join(__dirname, 'addon.c')],
    { stdio: 'inherit' },
  );
  addon = require(file);
} finally {
  fs.rmSync(folder, { recursive: true, force: true });
}

const storage = new AsyncLocalStorage();
const called = (start) =>
  new Promise((resolve) => {
    start(() => resolve(storage.getStore()));
  });
const outside = (fn) => setImmediate(fn);

async function main() {
  const seen = {
    'threadsafe function': await called((callback) =>
      storage.run('A', () => addon.threadsafe_function(callback)),
    ),
    'asynchronous work': await called((callback) =>
      storage.run('A', () => addon.async_work(callback)),
    ),
  };
  storage.run('A', () => addon.async_init());
  seen['napi_open_callback_scope()'] = await called((callback) =>
    outside(() => addon.callback_scope(callback)),
  );
  seen['napi_make_callback()'] = await called((callback) =>
    outside(() => addon.make_callback(callback)),
  );
  console.log(process.version, seen);
}

main();
