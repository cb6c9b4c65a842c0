'use strict';

// The blocks of code of a Markdown page, as programs that a reader can paste.
//
// - A block of JavaScript or TypeScript is a program. It prints what its comments say: `// Prints:
//   text` is one line, and the comment lines below `// Prints:` are one line each, or below
//   `// Prints, in any order:`.
// - A block whose first line is a comment with a file name is that file: later blocks of the page
//   may load it.

const { isBuiltin } = require('node:module');
const path = require('node:path');

const FENCE = /^```(\w*)\n([^]*?)^```$/gm;
const FILE_NAME = /^\/\/ ([\w.-]+\.[cm]?[jt]s)$/;
const PRINTS = /\/\/ Prints(?:, in any order)?:(?: (.*))?$/;
const ANY_ORDER = '// Prints, in any order:';
const INDENT = '//   ';
const USING = /^\s*(?:await )?using \w+ =/m;
const MODULE = /^(?:import|export|await) /m;
const IMPORTED = /(?:\bfrom |^import |\brequire\()'((?:@[\w.-]+\/)?\w[\w.:-]*)/gm;
const OURS = 'async-hooks-rs';
// Subpaths that need more than the package: BullMQ and Redis; the addon of the finder.
const SUBPATHS = [`${OURS}/bullmq`, `${OURS}/trace`];
const PROGRAMS = ['js', 'ts'];

/**
 * @typedef {object} Block
 * @property {number} line  where it begins in the page
 * @property {string} language  what stands behind the fence
 * @property {boolean} program  whether it is one that can be run
 * @property {string} code
 * @property {string | undefined} file  its name, if it is a file of other blocks
 * @property {string} extension  of the file to run it from
 * @property {boolean} using  whether it has a declaration with `using`
 * @property {boolean} pool  whether it needs the addon
 * @property {string[]} needs  the packages that it imports, or a file that it names, without this
 *   one and Node's modules
 * @property {boolean} tests  whether it is made of tests of node:test, whose output tells times
 * @property {boolean} anyOrder  whether its lines may come in any order
 * @property {string} output  what it says that it prints
 */

/** @returns {Block[]} */
function blocksOf(markdown) {
  const blocks = [];
  for (const { 1: language, 2: code, index } of markdown.matchAll(FENCE)) {
    const file = FILE_NAME.exec(code.split('\n', 1)[0])?.[1];
    const imported = [...code.matchAll(IMPORTED)].map(([, name]) => name);
    blocks.push({
      line: markdown.slice(0, index).split('\n').length,
      language,
      program: PROGRAMS.includes(language),
      code,
      file,
      extension: file === undefined ? extensionOf(language, code) : path.extname(file),
      using: USING.test(code),
      pool: /new WorkerPool\b/.test(code),
      needs: [
        ...imported.filter((name) => !isBuiltin(name) && name !== OURS),
        ...SUBPATHS.filter((subpath) => code.includes(`'${subpath}'`)),
      ],
      tests: imported.includes('node:test'),
      anyOrder: code.includes(ANY_ORDER),
      output: documentedOutput(code),
    });
  }
  for (const block of blocks) {
    const named = blocks.filter(({ file }) => block.code.includes(`'./${file}'`));
    block.needs = [...new Set([block, ...named].flatMap(({ needs }) => needs))];
  }
  return blocks;
}

const extensionOf = (language, code) => `.${MODULE.test(code) ? 'm' : 'c'}${language}`;

function documentedOutput(code) {
  const lines = code.split('\n');
  return lines
    .flatMap((line, i) => {
      const found = PRINTS.exec(line);
      if (found === null) return [];
      if (found[1] !== undefined) return [found[1]];
      const rest = lines.slice(i + 1);
      const end = rest.findIndex((next) => !next.startsWith(INDENT));
      return rest.slice(0, end).map((next) => next.slice(INDENT.length));
    })
    .map((line) => `${line}\n`)
    .join('');
}

module.exports = { blocksOf };
