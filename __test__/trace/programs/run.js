'use strict';

// Runs a program by itself or under the finder, as the command does: by the environment.

const { execFile } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { testEnvironment } = require('../../../scripts/test-environment.js');

const root = path.resolve(__dirname, '..', '..', '..');
const REGISTER = path.join(root, 'register.js');
const TRACE = path.join(root, 'trace.js');
const TIME_LIMIT = 60_000;
/** Node's, or ours by register. */
const CLASSES = ['built-in', 'ours'];

/**
 * @typedef {object} Run
 * @property {number | null} code
 * @property {string} stdout
 * @property {string} stderr
 * @property {[unknown, unknown][]} reads  what was expected and what was found, as it printed them
 */

/** A folder that is removed after `use` has run. */
async function withFolder(use) {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'async-hooks-rs-trace-')));
  try {
    return await use(folder);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/** The JavaScript that a compiler makes of the file, with a map that leads back to it. */
function compile(file, folder) {
  const typescript = require('typescript');
  const { outputText } = typescript.transpileModule(fs.readFileSync(file, 'utf8'), {
    fileName: file,
    compilerOptions: {
      target: typescript.ScriptTarget.ES2022,
      module: typescript.ModuleKind.CommonJS,
      inlineSourceMap: true,
      sourceRoot: path.dirname(file),
    },
  });
  const compiled = path.join(folder, 'compiled.js');
  fs.writeFileSync(compiled, outputText);
  return compiled;
}

function readsIn(stdout) {
  const lines = stdout.split('\n').filter((line) => line.startsWith('READS '));
  return lines.length === 1 ? JSON.parse(lines[0].slice('READS '.length)) : [];
}

function execute(node, args, env) {
  return new Promise((resolve) => {
    const child = execFile(
      node,
      args,
      { cwd: root, env: testEnvironment(env), timeout: TIME_LIMIT, maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) => {
        resolve({ code: child.exitCode, stdout, stderr, reads: readsIn(stdout) });
      },
    );
  });
}

/**
 * @param {{ file: string, truth: { flags: string[], compiled: boolean } }} program
 * @param {{ classes?: string, node?: string, env?: Record<string, string> }} [how]
 * @returns {Promise<Run>}
 */
function runProgram({ file, truth }, { classes = 'built-in', node = process.execPath, env } = {}) {
  return withFolder((folder) => {
    const program = truth.compiled ? compile(file, folder) : file;
    const preload = classes === 'ours' ? ['--require', REGISTER] : [];
    return execute(node, [...truth.flags, ...preload, program], env);
  });
}

/** The reports of the processes that ran, one for each. */
function reportsIn(folder) {
  return fs
    .readdirSync(folder)
    .filter((name) => name.endsWith('.jsonl'))
    .flatMap((name) => fs.readFileSync(path.join(folder, name), 'utf8').split('\n'))
    .filter(Boolean)
    .map((line) => JSON.parse(line))
    .filter(({ type }) => type === 'report')
    .map(({ report }) => report);
}

/**
 * As {@link runProgram}, under the finder.
 *
 * @param {object} options  of the finder, as ASYNC_HOOKS_RS_TRACE takes them
 * @returns {Promise<Run & { reports: any[], findings: any[] }>}
 */
function runTraced(program, options = {}, how = {}) {
  return withFolder(async (folder) => {
    const env = {
      ASYNC_HOOKS_RS_TRACE: JSON.stringify({ quiet: true, ...options, dir: folder }),
      NODE_OPTIONS: `--require ${JSON.stringify(TRACE)}`,
    };
    const run = await runProgram(program, { ...how, env });
    const reports = reportsIn(folder);
    return { ...run, reports, findings: reports.flatMap(({ findings }) => findings) };
  });
}

module.exports = { CLASSES, runProgram, runTraced };
