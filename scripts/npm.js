'use strict';

// Runs npm: the one that runs this script, or the one in PATH.

const { execFileSync } = require('node:child_process');

/** Prints nothing but errors, and returns what npm prints. Throws unless it succeeds. */
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

/** Installs what the manifest of the folder names. */
function install(folder) {
  npm(['install', '--no-audit', '--no-fund', '--ignore-scripts'], folder);
}

module.exports = { npm, install };
