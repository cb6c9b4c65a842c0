'use strict';

// Runs npm: the one that runs this script, or the one in PATH.

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

/** Prints only errors, and returns npm's output. Throws unless npm succeeds. */
function npm(args, cwd) {
  const running = process.env.npm_execpath;
  const [command, ...before] = running === undefined ? ['npm'] : [process.execPath, running];
  return execFileSync(command, [...before, ...args], {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    shell: process.platform === 'win32' && running === undefined,
  });
}

/** Installs the packages of the folder's manifest. */
function install(folder) {
  npm(['install', '--no-audit', '--no-fund', '--ignore-scripts'], folder);
}

function packagesOf(folder, lockFile) {
  const file = path.join(folder, lockFile);
  if (!fs.existsSync(file)) return {};
  return JSON.parse(fs.readFileSync(file, 'utf8')).packages;
}

/** Runs `npm ci` in the folder unless the packages that its lock file names are there. */
function installLocked(folder) {
  const installed = packagesOf(folder, 'node_modules/.package-lock.json');
  const missing = Object.entries(packagesOf(folder, 'package-lock.json')).some(
    ([where, wanted]) =>
      where !== '' && !wanted.optional && installed[where]?.version !== wanted.version,
  );
  if (!missing) return;
  npm(['ci', '--no-audit', '--no-fund', '--ignore-scripts'], folder);
}

module.exports = { npm, install, installLocked };
