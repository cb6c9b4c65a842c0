'use strict';

// Checks that `npm install` of npm 10 and npm 11 leaves every lock file of the repository
// unchanged. Then it is complete, which `npm ci` demands, and a clean checkout stays clean. Works
// on copies.

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { execFileSync } = require('node:child_process');
const { npm } = require('./npm.js');

const VERSIONS = ['10.9.9', '11.19.1'];
const QUIET = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
const root = path.resolve(__dirname, '..');

const folders = execFileSync('git', ['ls-files', 'package-lock.json', '*/package-lock.json'], {
  cwd: root,
  encoding: 'utf8',
})
  .trim()
  .split('\n')
  .map((file) => path.dirname(file));

const lockIn = (place) => fs.readFileSync(path.join(place, 'package-lock.json'), 'utf8');

/** Puts npm of a version into `place`, and returns its program. */
function installNpm(place, version) {
  npm(['install', '--no-save', ...QUIET, '--prefix', place, `npm@${version}`], place);
  return path.join(place, 'node_modules', 'npm', 'bin', 'npm-cli.js');
}

/** The defect of the lock file for this npm, in words. */
function problem(folder, program) {
  const copy = fs.mkdtempSync(path.join(os.tmpdir(), 'async-hooks-rs-'));
  try {
    for (const file of ['package.json', 'package-lock.json', '.npmrc']) {
      fs.copyFileSync(path.join(root, folder, file), path.join(copy, file));
    }
    execFileSync(process.execPath, [program, 'install', '--package-lock-only', ...QUIET], {
      cwd: copy,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    return lockIn(copy) === lockIn(path.join(root, folder)) ? undefined : 'npm install changes it';
  } catch (error) {
    return error.message;
  } finally {
    fs.rmSync(copy, { recursive: true, force: true });
  }
}

for (const version of VERSIONS) {
  const place = fs.mkdtempSync(path.join(os.tmpdir(), 'async-hooks-rs-'));
  try {
    const program = installNpm(place, version);
    for (const folder of folders) {
      const found = problem(folder, program);
      console.log(`npm ${version}, ${folder}: ${found ?? 'as it is'}`);
      if (found !== undefined) process.exitCode = 1;
    }
  } finally {
    fs.rmSync(place, { recursive: true, force: true });
  }
}
