'use strict';

// Which lines of lib/ are run by a command, and by all the processes and threads that it starts:
//
//   node scripts/coverage.js [--floor <percent>] [--missed] -- <command> [argument ...]
//
// V8 counts, in every version of Node: the runs of a matrix add up. A line counts if there is code
// on it, and as run if any process has run a part of it. Fails below the floor, and if the command
// fails. `--missed` lists the lines that nothing has run.

const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { fileURLToPath, pathToFileURL } = require('node:url');
const { parseArgs } = require('node:util');

const root = path.resolve(__dirname, '..');
const lib = path.join(root, 'lib', path.sep);

const {
  values: { floor, missed },
  positionals: [command, ...given],
} = parseArgs({
  allowPositionals: true,
  options: {
    floor: { type: 'string', default: '95' },
    missed: { type: 'boolean', default: false },
  },
});

/** The lines with code on them: where they begin and end, and whether they were run. */
function linesOf(file) {
  const lines = [];
  let at = 0;
  let inComment = false;
  for (const [index, text] of fs.readFileSync(file, 'utf8').split('\n').entries()) {
    const code = text.trim();
    if (code.startsWith('/*')) inComment = true;
    const counts = !inComment && code !== '' && !code.startsWith('//') && /\w/.test(code);
    if (inComment && code.endsWith('*/')) inComment = false;
    if (counts) {
      const start = at + text.length - text.trimStart().length;
      lines.push({ number: index + 1, start, end: at + text.trimEnd().length, run: false });
    }
    at += text.length + 1;
  }
  return lines;
}

/** Notes the lines that one process has run. The ranges of a function are nested. */
function note(lines, functions) {
  const ranges = functions
    .flatMap((one) => one.ranges)
    .sort((one, other) => one.startOffset - other.startOffset || other.endOffset - one.endOffset);
  const open = [];
  let next = 0;
  for (const line of lines) {
    while (next < ranges.length && ranges[next].startOffset <= line.start) {
      open.push(ranges[next++]);
    }
    while (open.length > 0 && open.at(-1).endOffset <= line.start) open.pop();
    // What ended further below is not the innermost.
    const innermost = open.findLast(({ endOffset }) => endOffset > line.start);
    const begunInside =
      next < ranges.length && ranges[next].startOffset < line.end && ranges[next].count > 0;
    if ((innermost?.count ?? 0) > 0 || begunInside) line.run = true;
  }
}

function sources(folder) {
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) return sources(file);
    return file.endsWith('.js') ? [file] : [];
  });
}

const reports = fs.mkdtempSync(path.join(os.tmpdir(), 'async-hooks-rs-coverage-'));
const { status } = spawnSync(command, given, {
  cwd: root,
  env: { ...process.env, NODE_V8_COVERAGE: reports },
  stdio: 'inherit',
});

const prefix = pathToFileURL(lib).href;
const files = new Map(sources(lib).map((file) => [file, linesOf(file)]));
let processes = 0;
for (const name of fs.readdirSync(reports)) {
  let report;
  try {
    report = JSON.parse(fs.readFileSync(path.join(reports, name), 'utf8'));
  } catch {
    continue; // of a process that was killed while it wrote
  }
  processes++;
  for (const { url, functions } of report.result) {
    if (url.startsWith(prefix)) note(files.get(fileURLToPath(url)) ?? [], functions);
  }
}
fs.rmSync(reports, { recursive: true, force: true });

let all = 0;
let run = 0;
for (const [file, lines] of files) {
  const left = lines.filter((line) => !line.run).map(({ number }) => number);
  all += lines.length;
  run += lines.length - left.length;
  if (missed && left.length > 0) console.log(`${path.relative(root, file)}: ${left.join(' ')}`);
}
const percent = (100 * run) / all;
console.log(
  `${run} of ${all} lines of lib/ were run by ${processes} processes: ` +
    `${percent.toFixed(2)} %, at least ${floor} % are due`,
);
if (status !== 0 || percent < Number(floor)) process.exitCode = 1;
