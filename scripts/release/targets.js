'use strict';

// The platforms that have a package with the addons: package.json lists their Rust targets.

const {
  napi: { targets },
  name,
} = require('../../package.json');

// What the parts of a Rust target are called by Node and npm.
const ARCHS = { x86_64: 'x64', aarch64: 'arm64' };
const SYSTEMS = {
  'apple-darwin': { os: 'darwin', library: (crate) => `lib${crate}.dylib` },
  'pc-windows-msvc': { os: 'win32', abi: 'msvc', library: (crate) => `${crate}.dll` },
  'unknown-linux-gnu': {
    os: 'linux',
    abi: 'gnu',
    libc: 'glibc',
    library: (crate) => `lib${crate}.so`,
  },
  'unknown-linux-musl': {
    os: 'linux',
    abi: 'musl',
    libc: 'musl',
    library: (crate) => `lib${crate}.so`,
  },
};

// The Rust packages that are addons, and the profiles of cargo that build them. The first is the
// one that programs load; the other has the finder of lost context.
const ADDONS = [
  { crate: name, profile: 'release' },
  { crate: `${name}-trace`, profile: 'trace' },
];

/**
 * @typedef {object} Target
 * @property {string} triple  what Rust calls it
 * @property {string} platform  what napi-rs calls it, as lib/package/target.js
 * @property {string} packageName
 * @property {AddonFile[]} addons
 * @property {string} os  this and the next two: as npm calls them
 * @property {string} cpu
 * @property {string} [libc]
 */

/**
 * @typedef {object} AddonFile
 * @property {string} crate  the Rust package
 * @property {string} profile  of cargo
 * @property {string} binary  the name of the addon's file
 * @property {string} library  the name of the file that cargo writes
 */

/** @returns {Target} */
function target(triple) {
  const [arch, ...rest] = triple.split('-');
  const { os, abi, libc, library } = SYSTEMS[rest.join('-')];
  const cpu = ARCHS[arch];
  const platform = [os, cpu, ...(abi === undefined ? [] : [abi])].join('-');
  const addons = ADDONS.map(({ crate, profile }) => ({
    crate,
    profile,
    binary: `${crate}.${platform}.node`,
    library: library(crate.replaceAll('-', '_')),
  }));
  return { triple, platform, packageName: `${name}-${platform}`, addons, os, cpu, libc };
}

module.exports = { targets: targets.map(target) };
