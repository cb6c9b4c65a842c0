'use strict';

// The package as a user gets it, in bundlers and in test runners that have realms of their own. See
// README.md. `--only <text>` runs the checks whose name contains the text.

const fs = require('node:fs');
const path = require('node:path');
const { parseArgs } = require('node:util');
const { supported, nodeVersions } = require('../../scripts/node-versions.js');
const { installInto } = require('../../scripts/release/packages.js');
const { buildTraceAddon } = require('../../scripts/trace-addon.js');

const installed = path.join(__dirname, 'node_modules', 'async-hooks-rs');
const work = path.join(__dirname, 'work');

/** Installs the tools that the lock file names, and the package as it would be published. */
function install() {
  fs.rmSync(installed, { recursive: true, force: true });
  installInto(__dirname);
  fs.rmSync(work, { recursive: true, force: true });
  fs.cpSync(path.join(__dirname, 'apps'), work, { recursive: true });
}

async function main() {
  const {
    values: { only },
  } = parseArgs({ options: { only: { type: 'string', default: '' } } });
  buildTraceAddon();
  install();
  process.chdir(work);
  const binaries = nodeVersions([supported[0], supported.at(-1)]);
  const checks = ['./bundles.js', './runners.js', './next.js']
    .flatMap((file) => require(file)({ installed, work, binaries }))
    .filter(({ name }) => name.includes(only));
  let failed = checks.length === 0;
  for (const { name, check } of checks) {
    const started = process.hrtime.bigint();
    try {
      await check();
      const seconds = Number(process.hrtime.bigint() - started) / 1e9;
      console.log(`passed  ${name}  ${seconds.toFixed(0)} s`);
    } catch (error) {
      failed = true;
      console.log(`FAILED  ${name}\n${error.stack}\n${error.stdout ?? ''}${error.stderr ?? ''}`);
    }
  }
  process.exitCode = failed ? 1 : 0;
}

main();
