'use strict';

// The examples of this folder, and what each says that it prints: the comment at its head is the
// only place where that is written down.

const { readdirSync, readFileSync } = require('node:fs');
const path = require('node:path');

const folder = path.resolve(__dirname, '..');

const HEADING = '// Prints:';
const INDENT = '//   ';

/** The file names of all examples, ES module and CommonJS form of each next to one another. */
function exampleFiles() {
  return readdirSync(folder).filter((file) => /\.[cm]js$/.test(file)).sort();
}

/** What the example's comment promises, as it must appear on the standard output. */
function documentedOutput(file) {
  const lines = readFileSync(path.join(folder, file), 'utf8').split(/\r?\n/);
  const heading = lines.indexOf(HEADING);
  if (heading === -1) throw new Error(`${file} has no line "${HEADING}"`);
  const rest = lines.slice(heading + 1);
  const end = rest.findIndex((line) => !line.startsWith(INDENT));
  if (end === 0) throw new Error(`${file} documents no output`);
  return rest.slice(0, end).map((line) => `${line.slice(INDENT.length)}\n`).join('');
}

module.exports = { folder, exampleFiles, documentedOutput };
