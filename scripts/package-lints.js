'use strict';

// Looks at the packed package with publint (do its entries work wherever they are read?) and attw
// (do its types say what require() and import give, with every kind of resolution?). Fails on
// anything that they report.

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { createRequire } = require('node:module');
const { pathToFileURL } = require('node:url');
const npm = require('./npm.js');
const { stage } = require('./release/packages.js');

const tools = path.join(__dirname, 'package-lints');

// The linters have dependencies of their own, and are installed on demand.
function load(name) {
  const { resolve } = createRequire(path.join(tools, 'index.js'));
  return import(pathToFileURL(resolve(name)).href);
}

async function main(folder) {
  npm.npm(['ci', '--no-audit', '--no-fund', '--ignore-scripts'], tools);
  const [published] = stage(folder, new Map());
  const [{ filename }] = JSON.parse(
    npm.npm(['pack', '--json', '--pack-destination', folder], published),
  );
  const tarball = fs.readFileSync(path.join(folder, filename));

  const { publint } = await load('publint');
  const { formatMessage } = await load('publint/utils');
  const { messages, pkg } = await publint({ pack: { tarball: tarball.buffer }, strict: true });
  const reported = messages.map((message) => `publint: ${formatMessage(message, pkg)}`);

  const { checkPackage, createPackageFromTarballData } = await load('@arethetypeswrong/core');
  const { types, problems } = await checkPackage(createPackageFromTarballData(tarball));
  if (types === false) reported.push('attw: the package has no types');
  for (const problem of problems ?? []) reported.push(`attw: ${JSON.stringify(problem)}`);

  for (const line of reported) console.log(line);
  console.log(`publint and attw: ${reported.length} findings in ${filename}`);
  if (reported.length > 0) process.exitCode = 1;
}

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'async-hooks-rs-lints-'));
main(folder).finally(() => fs.rmSync(folder, { recursive: true, force: true }));
