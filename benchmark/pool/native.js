'use strict';

// The addon of native/, built when it is first asked for.

const path = require('node:path');
const { execFileSync } = require('node:child_process');
const { existsSync } = require('node:fs');

const CRATE = path.join(__dirname, 'native');
const TARGET = path.join(CRATE, 'target');

const FILE =
  { darwin: 'libpool_benchmark_native.dylib', win32: 'pool_benchmark_native.dll' }[
    process.platform
  ] ?? 'libpool_benchmark_native.so';

const addon = path.join(TARGET, 'release', FILE);

/** Builds the addon unless it is there. */
function build() {
  if (existsSync(addon)) return;
  execFileSync('cargo', ['build', '--release', '--quiet', '--target-dir', TARGET], {
    cwd: CRATE,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
}

/** What the addon exports. */
function load() {
  const loaded = { exports: {} };
  process.dlopen(loaded, addon);
  return loaded.exports;
}

module.exports = { build, load };
