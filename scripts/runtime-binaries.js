'use strict';

// The binaries of Bun and Deno, from the npm packages that carry them. They are installed on
// demand, once, into a git-ignored folder.

const fs = require('node:fs');
const path = require('node:path');
const npm = require('./npm.js');

const root = path.resolve(__dirname, '..');
const folder = path.join(root, '.runtimes');
const suffix = process.platform === 'win32' ? '.exe' : '';

const { glibcVersionRuntime } = process.report.getReport().header;
const bunPlatform = process.platform === 'win32' ? 'windows' : process.platform;
const bunArch = process.arch === 'arm64' ? 'aarch64' : process.arch;
const musl = process.platform === 'linux' && glibcVersionRuntime === undefined ? '-musl' : '';
const denoLibc = process.platform === 'linux' ? '-glibc' : '';

// The packages `bun` and `deno` only find the package for the platform, which has the binary, when
// they are installed. The versions are fixed, because the declared differences are exact.
const runtimes = {
  bun: {
    title: 'Bun',
    version: '1.4.5',
    carrier: `@oven/bun-${bunPlatform}-${bunArch}${musl}`,
    binary: path.join('bin', `bun${suffix}`),
    args: [],
  },
  deno: {
    title: 'Deno',
    version: '2.9.6',
    carrier: `@deno/${process.platform}-${process.arch}${denoLibc}`,
    binary: `deno${suffix}`,
    args: ['run', '--allow-all', '--quiet', '--unstable-detect-cjs'],
  },
};

const folderOf = ({ carrier }) => path.join(folder, 'node_modules', ...carrier.split('/'));
const binaryOf = (runtime) => path.join(folderOf(runtime), runtime.binary);

function isInstalled(runtime) {
  if (!fs.existsSync(binaryOf(runtime))) return false;
  const manifest = fs.readFileSync(path.join(folderOf(runtime), 'package.json'), 'utf8');
  return JSON.parse(manifest).version === runtime.version;
}

function install(wanted) {
  if (wanted.every(isInstalled)) return;
  fs.mkdirSync(folder, { recursive: true });
  const dependencies = Object.fromEntries(
    Object.values(runtimes).map(({ carrier, version }) => [carrier, version]),
  );
  fs.writeFileSync(
    path.join(folder, 'package.json'),
    `${JSON.stringify({ private: true, dependencies }, null, 2)}\n`,
  );
  npm.install(folder);
}

/** Bun and Deno, by name: title, binary, and the arguments before a program. */
function runtimeBinaries(names = Object.keys(runtimes)) {
  const wanted = names.map((name) => runtimes[name]);
  install(wanted);
  return wanted.map((runtime) => ({
    title: runtime.title,
    binary: binaryOf(runtime),
    args: runtime.args,
  }));
}

module.exports = { names: Object.keys(runtimes), runtimeBinaries };
