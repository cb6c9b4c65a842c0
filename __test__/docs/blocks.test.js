'use strict';

// Readers can paste every JavaScript block of README.md and docs/: it runs by itself, ends, and
// prints the output in its comments. A block that is a file of another block is only parsed.

const { describe, it, before, after } = require('node:test');
const assert = require('node:assert/strict');
const { execFile } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { engine } = require('../../index.js');
const { blocksOf } = require('../helpers/fences.js');
const { pages, root } = require('../helpers/pages.js');

const TIMEOUT = 60_000; // each ends by itself in less than a second
const hasUsing = (() => {
  try {
    return typeof new Function('{ using resource = null; }') === 'function';
  } catch {
    return false;
  }
})();
const { native } = engine();

let folder;
before(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'async-hooks-rs-'));
  fs.mkdirSync(path.join(folder, 'node_modules'));
  fs.symlinkSync(root, path.join(folder, 'node_modules', 'async-hooks-rs'), 'junction');
});
after(() => fs.rmSync(folder, { recursive: true, force: true }));

function run(...args) {
  return new Promise((resolve) => {
    const options = { cwd: path.dirname(args.at(-1)), timeout: TIMEOUT };
    const child = execFile(process.execPath, [...process.execArgv, ...args], options,
      (error, stdout, stderr) => {
        resolve({ code: child.exitCode, signal: child.signalCode, stdout, stderr });
      });
  });
}

function skipped({ using, pool }) {
  if (using && !hasUsing) return 'this Node has no `using`';
  return pool && !native.loaded ? 'the addon cannot be loaded' : false;
}

describe('blocks of the documentation', { concurrency: 2 }, () => {
  for (const [number, page] of pages().entries()) {
    const blocks = blocksOf(fs.readFileSync(path.join(root, page), 'utf8'));
    const place = () => path.join(folder, String(number));
    const files = blocks.filter(({ file }) => file !== undefined);
    for (const block of blocks) {
      it(`${page}:${block.line}`, { skip: skipped(block) }, async () => {
        fs.mkdirSync(place(), { recursive: true });
        for (const { file, code } of files) fs.writeFileSync(path.join(place(), file), code);
        const file = path.join(place(), block.file ?? `${block.line}${block.extension}`);
        fs.writeFileSync(file, block.code);
        const { code, signal, stdout, stderr } =
          await run(...block.file === undefined ? [] : ['--check'], file);
        assert.deepEqual({ code, signal, stderr }, { code: 0, signal: null, stderr: '' });
        const lines = (text) => (block.anyOrder ? text.split('\n').sort().join('\n') : text);
        assert.equal(lines(stdout), lines(block.output));
      });
    }
  }
});
