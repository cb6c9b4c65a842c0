'use strict';

// Readers can paste every block of JavaScript and TypeScript of README.md and docs/: it runs by
// itself, ends, and prints the output in its comments. A block that is a file of another block is
// only parsed. elsewhere.js lists the blocks that are not run here.

const { describe, it, before, after } = require('node:test');
const assert = require('node:assert/strict');
const { execFile } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { engine } = require('../../index.js');
const { blocksOf } = require('../helpers/fences.js');
const { pages, root } = require('../helpers/pages.js');
const { languages, runners, copies, copyOf } = require('./elsewhere.js');

const TIMEOUT = 60_000; // each ends by itself in less than a second
const hasUsing = (() => {
  try {
    return typeof new Function('{ using resource = null; }') === 'function';
  } catch {
    return false;
  }
})();
const { native } = engine();
const documents = pages().map((page) => ({
  page: page.replaceAll(path.sep, '/'),
  blocks: blocksOf(read(page)),
}));

let folder;
before(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'async-hooks-rs-'));
  fs.mkdirSync(path.join(folder, 'node_modules'));
  fs.symlinkSync(root, path.join(folder, 'node_modules', 'async-hooks-rs'), 'junction');
});
after(() => fs.rmSync(folder, { recursive: true, force: true }));

function read(file) {
  return fs.readFileSync(path.join(root, file), 'utf8');
}

function run(...args) {
  // Inside of a test, the runner of tests would report to this one.
  const env = { ...process.env, NODE_TEST_CONTEXT: undefined };
  const options = { cwd: path.dirname(args.at(-1)), timeout: TIMEOUT, env };
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [...process.execArgv, ...args],
      options,
      (error, stdout, stderr) => {
        resolve({ code: child.exitCode, signal: child.signalCode, stdout, stderr });
      },
    );
  });
}

function skipped({ language, using, pool }) {
  if (using && !hasUsing) return 'this Node has no `using`';
  if (language === 'ts' && !process.features.typescript) return 'this Node strips no types';
  return pool && !native.loaded ? 'the addon cannot be loaded' : false;
}

/** Whether something else has all packages that the block needs, and runs it. */
function runsElsewhere({ needs }) {
  return runners.some(({ folder: place, also }) => {
    const { dependencies } = require(path.join(root, place, 'package.json'));
    return needs.every((name) => also.includes(name) || Object.hasOwn(dependencies, name));
  });
}

describe('blocks of the documentation', { concurrency: 2 }, () => {
  for (const [number, { page, blocks }] of documents.entries()) {
    const place = () => path.join(folder, String(number));
    const files = blocks.filter(({ file }) => file !== undefined);
    for (const block of blocks.filter(({ program }) => program)) {
      const elsewhere = block.needs.length > 0 || copyOf(page, block) !== undefined;
      const onlyParsed = block.file !== undefined || elsewhere;
      if (block.language === 'ts' && onlyParsed) continue; // Node parses no types by themselves
      it(`${page}:${block.line}`, { skip: skipped(block) }, async () => {
        // Once: another block of the page, which runs at the same time, may be reading them.
        if (!fs.existsSync(place())) {
          fs.mkdirSync(place());
          for (const { file, code } of files) fs.writeFileSync(path.join(place(), file), code);
        }
        const file = path.join(place(), block.file ?? `${block.line}${block.extension}`);
        if (block.file === undefined) fs.writeFileSync(file, block.code);
        const { code, signal, stdout, stderr } = await run(
          ...(onlyParsed ? ['--check'] : []),
          file,
        );
        assert.deepEqual({ code, signal, stderr }, { code: 0, signal: null, stderr: '' });
        if (block.tests) return;
        const lines = (text) => (block.anyOrder ? text.split('\n').sort().join('\n') : text);
        assert.equal(lines(stdout), onlyParsed ? '' : lines(block.output));
      });
    }
  }
});

describe('blocks that are not run by themselves', () => {
  const all = documents.flatMap(({ page, blocks }) => blocks.map((block) => ({ page, block })));

  it('each has a reason in elsewhere.js', () => {
    const without = all.filter(({ page, block }) => {
      if (!block.program) return languages[block.language] === undefined;
      return copyOf(page, block) === undefined && !runsElsewhere(block);
    });
    assert.deepEqual(
      without.map(({ page, block }) => `${page}:${block.line}`),
      [],
    );
  });

  it('elsewhere.js lists nothing that is gone', () => {
    const unused = Object.keys(languages).filter(
      (language) => !all.some(({ block }) => block.language === language),
    );
    assert.deepEqual(unused, []);
    const lost = copies.filter(
      ({ page, begins }) =>
        !all.some(({ page: of, block }) => of === page && block.code.startsWith(begins)),
    );
    assert.deepEqual(lost, []);
  });

  for (const { page, begins, same } of copies) {
    it(`${same} is the block of ${page}`, () => {
      const { block } = all.find(
        ({ page: of, block: { code } }) => of === page && code.startsWith(begins),
      );
      assert.equal(block.code, read(same).replaceAll('\r\n', '\n'));
    });
  }
});
