'use strict';

// The examples of this folder, and what each says that it prints: the comment at its head is the
// only place where that is written down.

const { readdirSync, readFileSync } = require('node:fs');
const path = require('node:path');

const folder = path.resolve(__dirname, '..');

const HEADING = '// Prints:';
// What tasks on several threads print comes in the order in which they end.
const UNORDERED_HEADING = '// Prints, in any order:';
const INDENT = '//   ';

/** The file names of all examples, ES module and CommonJS form of each next to one another. */
function exampleFiles() {
  return readdirSync(folder)
    .filter((file) => /\.[cm]js$/.test(file))
    .sort();
}

/** Whether the file's example needs the native addon, without which there is no worker pool. */
function needsAddon(file) {
  return file.startsWith('worker-pool');
}

function linesOf(file) {
  return readFileSync(path.join(folder, file), 'utf8').split(/\r?\n/);
}

/** What the example's comment promises, as it must appear on the standard output. */
function documentedOutput(file) {
  const lines = linesOf(file);
  const heading = lines.findIndex((line) => line === HEADING || line === UNORDERED_HEADING);
  if (heading === -1) throw new Error(`${file} has no line "${HEADING}"`);
  const rest = lines.slice(heading + 1);
  const end = rest.findIndex((line) => !line.startsWith(INDENT));
  if (end === 0) throw new Error(`${file} documents no output`);
  return rest
    .slice(0, end)
    .map((line) => `${line.slice(INDENT.length)}\n`)
    .join('');
}

/** What the example printed; where its comment promises no order, sorted, as the comment is. */
function inDocumentedOrder(file, stdout) {
  if (!linesOf(file).includes(UNORDERED_HEADING)) return stdout;
  return stdout
    .split(/(?<=\n)/)
    .sort()
    .join('');
}

module.exports = { folder, exampleFiles, needsAddon, documentedOutput, inDocumentedOrder };
