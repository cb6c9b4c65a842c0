'use strict';

// The addon of the finder of lost context, which a checkout has only once it is asked for: a parser
// takes long to build.

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { currentTarget } = require('../lib/package/target.js');
const { name } = require('../package.json');

const root = path.resolve(__dirname, '..');

/** Builds it if it is not there. */
function buildTraceAddon() {
  const file = path.join(root, `${name}-trace.${currentTarget()}.node`);
  if (fs.existsSync(file)) return;
  console.log('the addon of the finder is built once: `npm run build:trace` builds it again');
  const npm = process.env.npm_execpath;
  const args = ['run', 'build:trace'];
  const options = { cwd: root, stdio: 'inherit' };
  if (npm === undefined) execFileSync('npm', args, { ...options, shell: true });
  else execFileSync(process.execPath, [npm, ...args], options);
}

module.exports = { buildTraceAddon };
