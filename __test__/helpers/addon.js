'use strict';

// The addon itself, for tests of what Rust does: the one beside package.json or, where the tests
// run on the package as it ships, that of the installed package for this platform.

const fs = require('node:fs');
const path = require('node:path');

const root = path.resolve(__dirname, '..', '..');

function filesIn(folder) {
  if (!fs.existsSync(folder)) return [];
  return fs
    .readdirSync(folder)
    .filter((name) => /^async-hooks-rs\..+\.node$/.test(name))
    .map((name) => path.join(folder, name));
}

function foldersIn(folder) {
  if (!fs.existsSync(folder)) return [];
  return fs
    .readdirSync(folder)
    .filter((name) => name.startsWith('async-hooks-rs-'))
    .map((name) => path.join(folder, name));
}

/** The path of its binary, `undefined` if there is none. */
const [addonFile] = [root, ...foldersIn(path.join(root, 'node_modules'))].flatMap(filesIn);

/** The addon; throws if it cannot be loaded. */
function loadAddon() {
  if (addonFile === undefined) throw new Error('there is no addon');
  return require(addonFile);
}

module.exports = { addonFile, loadAddon };
