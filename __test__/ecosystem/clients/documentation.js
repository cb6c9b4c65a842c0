'use strict';

// The blocks of the documentation that need a framework: each runs as a reader would paste it, and
// must print what its comments say.

const { execFile } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { dependencies } = require('../package.json');
const { blocksOf } = require('../../helpers/fences.js');
const { pages, root } = require('../../helpers/pages.js');

const packages = path.resolve(__dirname, '..', 'node_modules');

/** A folder in which the packages are found as if they were installed there, and this one, too. */
function makeFolder() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'async-hooks-rs-'));
  const place = path.join(folder, 'node_modules');
  const links = [
    ['async-hooks-rs', root],
    ...Object.keys(dependencies).map((name) => [name, path.join(packages, name)]),
  ];
  for (const [name, target] of links) {
    fs.mkdirSync(path.dirname(path.join(place, name)), { recursive: true });
    fs.symlinkSync(target, path.join(place, name), 'junction');
  }
  return folder;
}

/** What the file prints; all of them run at once. */
function run(file) {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [...process.execArgv, file],
      // The package's own needs, as if they were installed beside it.
      { cwd: path.dirname(file), env: { ...process.env, NODE_PATH: packages } },
      (error, stdout) => resolve(error === null ? stdout : `${stdout}${error.message}`),
    );
  });
}

/** The lines to print about the blocks of one page, as promises. */
function check(page, place) {
  const blocks = blocksOf(fs.readFileSync(path.join(root, page), 'utf8'));
  const needing = blocks.filter(
    ({ program, file, needs }) =>
      program &&
      file === undefined &&
      needs.length > 0 &&
      needs.every((name) => Object.hasOwn(dependencies, name)),
  );
  if (needing.length === 0) return [];
  fs.mkdirSync(place);
  for (const { file, code } of blocks) {
    if (file !== undefined) fs.writeFileSync(path.join(place, file), code);
  }
  return needing.map(async ({ line, extension, code, needs, output }) => {
    const file = path.join(place, `${line}${extension}`);
    fs.writeFileSync(file, code);
    const printed = await run(file);
    const name = `${page.replaceAll(path.sep, '/')}, ${needs.join()}`;
    return `${name}: ${printed === output ? 'prints what stands there' : printed}`;
  });
}

async function main() {
  const folder = makeFolder();
  try {
    const lines = pages().flatMap((page, i) => check(page, path.join(folder, String(i))));
    for (const line of await Promise.all(lines)) console.log(line);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

main();
