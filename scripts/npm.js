'use strict';

// Runs npm: the one that runs this script, or the one in PATH.

const { execFileSync } = require('node:child_process');

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

module.exports = { npm, install };
