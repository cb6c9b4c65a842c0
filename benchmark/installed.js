'use strict';

// The package as a user gets it, which runs from dist/.

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { installInto } = require('../scripts/release/packages.js');

/** Installs this checkout, packed, in a new folder and gives its place to `use`. */
async function withInstalled(use) {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'async-hooks-rs-')));
  try {
    fs.writeFileSync(path.join(folder, 'package.json'), '{ "private": true }\n');
    installInto(folder);
    return await use(path.join(folder, 'node_modules', 'async-hooks-rs'));
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

module.exports = { withInstalled };
