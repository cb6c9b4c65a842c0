'use strict';

// The addon of the finder of lost context, which a checkout has only once it is asked for: a parser
// takes long to build.

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { currentTarget } = require('../lib/package/target.js');
const { name } = require('../package.json');

const root = path.resolve(__dirname, '..');

// What it is made from.
const SOURCES = path.join(root, 'crates', 'trace');

/** When a file was last changed. */
const changed = (file) => fs.statSync(file).mtimeMs;

/** Whether there is none, or one that was built before its sources were last changed. */
function isStale(file) {
  if (!fs.existsSync(file)) return true;
  const built = changed(file);
  return fs
    .readdirSync(SOURCES, { recursive: true })
    .some((source) => changed(path.join(SOURCES, source)) > built);
}

/** Builds it if it is not there, or older than its sources. */
function buildTraceAddon() {
  const file = path.join(root, `${name}-trace.${currentTarget()}.node`);
  if (!isStale(file)) return;
  console.log('the addon of the finder is built, as it is not there or older than its sources');
  const npm = process.env.npm_execpath;
  const args = ['run', 'build:trace'];
  const options = { cwd: root, stdio: 'inherit' };
  if (npm === undefined) execFileSync('npm', args, { ...options, shell: true });
  else execFileSync(process.execPath, [npm, ...args], options);
}

module.exports = { buildTraceAddon };
