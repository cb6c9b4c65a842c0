'use strict';

// A copy of the package: of its sources, or of its build where the tests run beside that (packed
// form, scripts/packed.js).

const fs = require('node:fs');
const path = require('node:path');

const root = path.resolve(__dirname, '..', '..');

/** Copies the folders of scripts to `target`, and of the files those that are `chosen` by name. */
function copyPackage(target, chosen) {
  for (const folder of ['lib', 'dist']) {
    const place = path.join(root, folder);
    if (fs.existsSync(place)) fs.cpSync(place, path.join(target, folder), { recursive: true });
  }
  for (const file of fs.readdirSync(root)) {
    if (chosen(file)) fs.copyFileSync(path.join(root, file), path.join(target, file));
  }
}

module.exports = { copyPackage };
