'use strict';

// Real Node binaries of other versions, from the npm packages that carry them. They are installed
// on demand, once, into a git-ignored folder.

const fs = require('node:fs');
const path = require('node:path');
const npm = require('./npm.js');

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
  if (majors.some((major) => !fs.existsSync(binary(major)))) install(majors);
  return new Map(majors.map((major) => [major, binary(major)]));
}

function install(majors) {
  const manifest = path.join(folder, 'package.json');
  fs.mkdirSync(folder, { recursive: true });
  // npm removes packages that the manifest does not name, so it keeps the earlier ones.
  const before = fs.existsSync(manifest) ? JSON.parse(fs.readFileSync(manifest)).dependencies : {};
  const wanted = majors.map((major) => [`node-${major}`, `npm:${carrier}@${major}`]);
  const dependencies = { ...before, ...Object.fromEntries(wanted) };
  fs.writeFileSync(manifest, `${JSON.stringify({ private: true, dependencies }, null, 2)}\n`);
  npm.install(folder);
}

module.exports = { supported, nodeVersions };
