'use strict';

// The JavaScript blocks of a Markdown page, as programs that a reader can paste.
//
// - A block is a program. It prints what its comments say: `// Prints: text` is one line, and the
//   comment lines below `// Prints:` are one line each, or below `// Prints, in any order:`.
// - A block whose first line is a comment with a file name is that file: later blocks of the page
//   may load it.

const path = require('node:path');

const FENCE = /^```js\n([^]*?)^```$/gm;
const FILE_NAME = /^\/\/ ([\w.-]+\.[cm]?js)$/;
const PRINTS = /\/\/ Prints(?:, in any order)?:(?: (.*))?$/;
const ANY_ORDER = '// Prints, in any order:';
const INDENT = '//   ';
const USING = /^\s*(?:await )?using \w+ =/m;
const MODULE = /^(?:import|export|await) /m;

/**
 * @typedef {object} Block
 * @property {number} line  where it begins in the page
 * @property {string} code
 * @property {string | undefined} file  its name, if it is a file of other blocks
 * @property {string} extension  of the file to run it from
 * @property {boolean} using  whether it has a declaration with `using`
 * @property {boolean} pool  whether it needs the addon
 * @property {boolean} anyOrder  whether its lines may come in any order
 * @property {string} output  what it says that it prints
 */

/** @returns {Block[]} */
function blocksOf(markdown) {
  const blocks = [];
  for (const { 1: code, index } of markdown.matchAll(FENCE)) {
    const file = FILE_NAME.exec(code.split('\n', 1)[0])?.[1];
    blocks.push({
      line: markdown.slice(0, index).split('\n').length,
      code,
      file,
      extension: file === undefined ? (MODULE.test(code) ? '.mjs' : '.cjs') : path.extname(file),
      using: USING.test(code),
      pool: /new WorkerPool\(/.test(code),
      anyOrder: code.includes(ANY_ORDER),
      output: documentedOutput(code),
    });
  }
  return blocks;
}

function documentedOutput(code) {
  const lines = code.split('\n');
  return lines.flatMap((line, i) => {
    const found = PRINTS.exec(line);
    if (found === null) return [];
    if (found[1] !== undefined) return [found[1]];
    const rest = lines.slice(i + 1);
    const end = rest.findIndex((next) => !next.startsWith(INDENT));
    return rest.slice(0, end).map((next) => next.slice(INDENT.length));
  }).map((line) => `${line}\n`).join('');
}

module.exports = { blocksOf };
