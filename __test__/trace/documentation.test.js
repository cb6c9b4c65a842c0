'use strict';

// What the guide says that the command reports is what it reports, and the blocks of other pages
// that need the finder run as pasted.

const { after, before, describe, it } = require('node:test');
const assert = require('node:assert/strict');
const { execFile } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { blocksOf } = require('../helpers/fences.js');
const { pages, root } = require('../helpers/pages.js');
const { testEnvironment } = require('../../scripts/test-environment.js');
const { examplesOf, read, reportOf } = require('./guide.js');

const SUBPATH = 'async-hooks-rs/trace';

describe('the guide to lost context', () => {
  const markdown = read();
  const examples = examplesOf(markdown);

  it('has an example of each kind', () => assert.equal(examples.length, 6));

  for (const example of examples) {
    it(`${example.name}: the report`, async () => {
      assert.equal(example.report, await reportOf(example, markdown));
    });
  }
});

describe('blocks of code that need the finder', () => {
  let folder;
  before(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'async-hooks-rs-'));
    fs.mkdirSync(path.join(folder, 'node_modules'));
    fs.symlinkSync(root, path.join(folder, 'node_modules', 'async-hooks-rs'), 'junction');
  });
  after(() => fs.rmSync(folder, { recursive: true, force: true }));

  function run(file) {
    const options = { cwd: folder, env: testEnvironment(), timeout: 60_000 };
    return new Promise((resolve) => {
      const child = execFile(process.execPath, [file], options, (_error, stdout, stderr) => {
        resolve({ code: child.exitCode, stdout, stderr });
      });
    });
  }

  const blocks = pages().flatMap((page) =>
    blocksOf(fs.readFileSync(path.join(root, page), 'utf8'))
      .filter(({ needs }) => needs.includes(SUBPATH))
      .map((block) => ({ page, block })),
  );

  it('are found', () => assert.ok(blocks.length >= 3, `${blocks.length}`));

  for (const { page, block } of blocks) {
    it(`${page}:${block.line}`, async () => {
      const file = path.join(folder, `${block.file ?? block.line + block.extension}`);
      fs.writeFileSync(file, block.code);
      if (block.file !== undefined) return;
      const { code, stdout, stderr } = await run(file);
      assert.equal(code, 0, stderr);
      if (!block.tests) assert.equal(stdout, block.output);
    });
  }
});
