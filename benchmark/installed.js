'use strict';

// The package as a user gets it, which runs from dist/.

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { npm } = require('../scripts/npm.js');

const root = path.join(__dirname, '..');

/** Packs this checkout, installs it in a new folder and gives its place to `use`. */
async function withInstalled(use) {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'async-hooks-rs-')));
  try {
    const [{ filename }] = JSON.parse(
      npm(['pack', '--json', '--ignore-scripts', '--pack-destination', folder], root));
    fs.writeFileSync(path.join(folder, 'package.json'), '{ "private": true }\n');
    npm(['install', '--no-audit', '--no-fund', '--ignore-scripts', path.join(folder, filename)],
      folder);
    return await use(path.join(folder, 'node_modules', 'async-hooks-rs'));
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

module.exports = { withInstalled };
