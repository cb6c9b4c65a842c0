'use strict';

// The programs of the guide, and what the command reports of them: `node __test__/trace/guide.js`
// writes this into the page, and documentation.test.js compares it.

const { execFile } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { testEnvironment } = require('../../scripts/test-environment.js');
const { blocksOf } = require('../helpers/fences.js');

const root = path.resolve(__dirname, '..', '..');
const command = path.join(root, 'bin', 'async-hooks-rs.js');
const GUIDE = path.join(root, 'docs', 'guides', 'finding-lost-context.md');
const TIME_LIMIT = 120_000;

// A program under its name, the command that runs it, and what that reports.
const EXAMPLE = new RegExp(
  [
    /^Saved as `(?<name>[\w.-]+)`:\n\n/,
    /^```js\n(?<code>[^]*?)^```\n\n/,
    /(?:^(?!```|Saved as).*\n)*/,
    /^```sh\nnpx async-hooks-rs (?<args>trace .*)\n^```\n\n/,
    /^```\n(?<report>[^]*?)^```$/,
  ]
    .map(({ source }) => source)
    .join(''),
  'gm',
);

// What is written while the program runs; the rest is the report.
const PROGRESS = /^async-hooks-rs: .*\n/gm;

const read = () => fs.readFileSync(GUIDE, 'utf8').replaceAll('\r\n', '\n');

/** The examples of the guide, each with `name`, `code`, `args` and `report`. */
function examplesOf(markdown) {
  return [...markdown.matchAll(EXAMPLE)].map(({ groups }) => groups);
}

/** Runs an example among the other files of the guide: what the command reports. */
async function reportOf({ name, code, args }, markdown) {
  const temporary = fs.mkdtempSync(path.join(os.tmpdir(), 'async-hooks-rs-'));
  const folder = fs.realpathSync(temporary);
  try {
    for (const block of blocksOf(markdown)) {
      if (block.file !== undefined) fs.writeFileSync(path.join(folder, block.file), block.code);
    }
    fs.writeFileSync(path.join(folder, name), code);
    const stderr = await new Promise((resolve, reject) => {
      const options = { cwd: folder, env: testEnvironment(), timeout: TIME_LIMIT };
      execFile(process.execPath, [command, ...args.split(' ')], options, (error, _out, text) =>
        error === null ? resolve(text) : reject(error),
      );
    });
    return stderr.replace(PROGRESS, '');
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/** Puts what the command reports now into the guide. */
async function write() {
  let markdown = read();
  for (const example of examplesOf(markdown)) {
    const report = await reportOf(example, markdown);
    const before = `npx async-hooks-rs ${example.args}\n\`\`\`\n\n\`\`\`\n`;
    markdown = markdown.replace(before + example.report, () => before + report);
  }
  fs.writeFileSync(GUIDE, markdown);
}

module.exports = { examplesOf, read, reportOf };

if (require.main === module) write();
