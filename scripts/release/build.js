'use strict';

// Builds the addons for a platform as they are published, into a folder:
//
//   node scripts/release/build.js <Rust target> <folder>
//
// Linux: with zig as the linker (pip install ziglang cargo-zigbuild), for glibc 2.17 and later, or
// musl. Elsewhere with the platform's own tools. Fails if a binary asks for a later glibc, or
// names a folder of this machine. What cargo and rustc are is up to CARGO and RUSTC; arguments that
// follow the folder go to cargo.

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { targets } = require('./targets.js');

const GLIBC = [2, 17];
const root = path.resolve(__dirname, '..', '..');
const folder = process.env.CARGO_TARGET_DIR ?? path.join(root, 'target', 'release-builds');

/** The folders of this machine that compilers write into binaries, and what is to stand there. */
function remapped() {
  const sysroot = execFileSync(process.env.RUSTC ?? 'rustc', ['--print', 'sysroot'], {
    encoding: 'utf8',
  }).trim();
  const cargo = process.env.CARGO_HOME ?? path.join(os.homedir(), '.cargo');
  // The last one that fits counts.
  return [
    [os.homedir(), '~'],
    [cargo, '/cargo'],
    [sysroot, '/rust'],
    [root, '/async-hooks-rs'],
  ];
}

function flagsFor({ triple }) {
  return [
    ...remapped().map(([from, to]) => `--remap-path-prefix=${from}=${to}`),
    // Node is a dynamic executable of musl; a static library could not be loaded.
    ...(triple.endsWith('-musl') ? ['-Ctarget-feature=-crt-static'] : []),
    // Nobody has to install Microsoft's redistributable.
    ...(triple.endsWith('-msvc') ? ['-Ctarget-feature=+crt-static'] : []),
  ];
}

function build(target, { crate, profile, library }, options) {
  const { triple, os: system, libc } = target;
  const versioned = libc === 'glibc' ? `${triple}.${GLIBC.join('.')}` : triple;
  execFileSync(
    process.env.CARGO ?? 'cargo',
    [
      system === 'linux' ? 'zigbuild' : 'build',
      '--profile',
      profile,
      '--lib',
      '--locked',
      '--package',
      crate,
      '--target',
      versioned,
      '--target-dir',
      folder,
      ...options,
    ],
    {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, CARGO_ENCODED_RUSTFLAGS: flagsFor(target).join('\x1f') },
    },
  );
  return path.join(folder, triple, profile, library);
}

function check(file) {
  const text = fs.readFileSync(file, 'latin1');
  const found = [os.homedir(), root].filter((place) => place !== '/' && text.includes(place));
  if (found.length > 0) throw new Error(`${file} names folders of this machine: ${found}`);
  const minors = [...text.matchAll(/\bGLIBC_2\.(\d+)/g)].map(([, minor]) => Number(minor));
  const latest = Math.max(0, ...minors);
  if (latest > GLIBC[1]) throw new Error(`${file} needs glibc 2.${latest}`);
}

const [triple, destination, ...options] = process.argv.slice(2);
const target = targets.find((each) => each.triple === triple);
if (target === undefined || destination === undefined) {
  throw new Error(`expected one of ${targets.map((each) => each.triple).join(', ')}, and a folder`);
}
fs.mkdirSync(destination, { recursive: true });
for (const addon of target.addons) {
  const library = build(target, addon, options);
  check(library);
  fs.copyFileSync(library, path.join(destination, addon.binary));
  console.log(path.join(destination, addon.binary));
}
