'use strict';

// The addon of fixtures/native-kinds, built when it is first asked for. Cargo lets one process at a
// time build, and the others find what it has built.

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const CRATE = path.resolve(__dirname, '..', 'fixtures', 'native-kinds');
const TARGET = path.join(CRATE, 'target');
const ADDON = path.join(TARGET, 'native-kinds.node');

const BUILT = path.join(
  TARGET,
  'release',
  { darwin: 'libnative_kinds.dylib', win32: 'native_kinds.dll' }[process.platform] ??
    'libnative_kinds.so',
);

const isNewer = (file, other) => fs.statSync(file).mtimeMs > fs.statSync(other).mtimeMs;

function build() {
  const sources = ['Cargo.toml', 'Cargo.lock', path.join('src', 'lib.rs')].map((file) =>
    path.join(CRATE, file),
  );
  if (fs.existsSync(ADDON) && sources.every((file) => isNewer(ADDON, file))) return;
  execFileSync('cargo', ['build', '--release', '--quiet', '--locked', '--target-dir', TARGET], {
    cwd: CRATE,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  // Renamed into its place, because another process may be loading it.
  const copy = `${ADDON}.${process.pid}`;
  fs.copyFileSync(BUILT, copy);
  fs.renameSync(copy, ADDON);
}

/** Why the addon cannot be built or loaded here; `false` if it can. */
function missing() {
  const flags = [...process.execArgv, ...(process.env.NODE_OPTIONS ?? '').split(' ')];
  if (flags.includes('--no-addons')) return 'no addon can be loaded';
  try {
    execFileSync('cargo', ['--version'], { stdio: 'ignore' });
    return false;
  } catch {
    return fs.existsSync(ADDON) ? false : 'cargo is missing';
  }
}

/** The path of the addon, which this builds. */
function addonFile() {
  build();
  return ADDON;
}

/**
 * A folder in which the addon is what programs have installed, under each of the names (paths in
 * `node_modules`). Remove it afterwards.
 */
function installedAs(...names) {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'async-hooks-rs-')));
  const addon = addonFile();
  for (const name of names) {
    const place = path.join(folder, 'node_modules', name);
    fs.mkdirSync(path.dirname(place), { recursive: true });
    fs.copyFileSync(addon, place);
  }
  return folder;
}

module.exports = { addonFile, installedAs, missing };
