'use strict';

// The blocks of TypeScript compile, with the strict rules, and with nothing installed but what the
// package asks for. Those that need other packages are compiled where these are installed.

const test = require('node:test');
const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const ts = require('typescript');
const { blocksOf } = require('../helpers/fences.js');
const { pages, root } = require('../helpers/pages.js');

/** Files in memory, in a folder of the package, which resolves to itself. */
function typed() {
  const files = new Map();
  for (const [number, page] of pages().entries()) {
    const folder = path.join(root, '__test__', 'docs', `page-${number}`);
    for (const block of blocksOf(fs.readFileSync(path.join(root, page), 'utf8'))) {
      if (block.language !== 'ts' || block.needs.length > 0) continue;
      const name = block.file ?? `${block.line}${block.extension}`;
      files.set(path.join(folder, name), block.code);
    }
  }
  return files;
}

test('blocks of TypeScript compile', () => {
  const files = typed();
  assert.ok(files.size > 0);
  const options = {
    module: ts.ModuleKind.NodeNext,
    target: ts.ScriptTarget.ES2023,
    strict: true,
    noEmit: true,
    allowImportingTsExtensions: true,
    types: ['node'],
    skipLibCheck: true,
    verbatimModuleSyntax: false,
  };
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile, getSourceFile } = host;
  host.directoryExists = undefined; // those of the files in memory do not exist
  host.fileExists = (file) => files.has(path.normalize(file)) || fileExists.call(host, file);
  host.readFile = (file) => files.get(path.normalize(file)) ?? readFile.call(host, file);
  host.getSourceFile = (file, target, ...rest) => {
    const code = files.get(path.normalize(file));
    if (code === undefined) return getSourceFile.call(host, file, target, ...rest);
    return ts.createSourceFile(file, code, target);
  };
  const program = ts.createProgram([...files.keys()], options, host);
  assert.equal(
    ts.formatDiagnostics(ts.getPreEmitDiagnostics(program), {
      getCanonicalFileName: (file) => file,
      getCurrentDirectory: () => root,
      getNewLine: () => '\n',
    }),
    '',
  );
});
