'use strict';

// Which programs there are, what each needs, and the packages that they use.

const fs = require('node:fs');
const path = require('node:path');
const { supported } = require('../../scripts/node-versions.js');
const { installLocked } = require('../../scripts/npm.js');

const folder = path.join(__dirname, 'clients');
/** The runs of a program on a version. */
const CLASSES = ['built-in', 'ours'];

const EXTENSION = /\.m?js$/;

function readClient(file) {
  const name = file.replace(EXTENSION, '');
  const settings = path.join(folder, `${name}.json`);
  return {
    name,
    file: path.join(folder, file),
    services: [],
    node: supported,
    classes: CLASSES,
    ...(fs.existsSync(settings) ? JSON.parse(fs.readFileSync(settings, 'utf8')) : {}),
  };
}

/**
 * The programs whose name contains the text. `clients/<name>.json` names the `services` that one
 * needs, and the versions of `node` and the `classes` that it is for.
 */
function findClients(text) {
  const clients = fs
    .readdirSync(folder)
    .filter((file) => EXTENSION.test(file) && file.includes(text))
    .map(readClient);
  if (clients.length > 0) return clients;
  throw Object.assign(new Error(`no program in clients/ has '${text}' in its name`), {
    code: 'ERR_NO_CLIENT',
  });
}

// Versions whose built-in class keeps stores on async resources.
const WITHOUT_FRAMES = [20, 22];

/**
 * What a program has to print: `<name>.txt`, but `<name>.node<major>.txt` on a version that differs
 * from the others, and `<name>.built-in-20-22.txt` with the classes of these two versions where
 * those of 24 and 26, and ours, differ from them.
 */
function expectedOutput(name, major, classes) {
  const candidates = [`${name}.node${major}.txt`, `${name}.txt`];
  if (classes === 'built-in' && WITHOUT_FRAMES.includes(major)) {
    candidates.unshift(`${name}.built-in-20-22.txt`);
  }
  const file = candidates.find((candidate) => fs.existsSync(path.join(folder, candidate)));
  return file === undefined ? '' : fs.readFileSync(path.join(folder, file), 'utf8');
}

/** Installs what the lock file names, unless it is there. */
function installDependencies() {
  installLocked(__dirname);
}

module.exports = { CLASSES, findClients, expectedOutput, installDependencies };
