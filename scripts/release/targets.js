'use strict';

// The platforms that have a package with the addon: package.json lists their Rust targets.

const {
  napi: { targets },
  name,
} = require('../../package.json');

// What the parts of a Rust target are called by Node and npm.
const ARCHS = { x86_64: 'x64', aarch64: 'arm64' };
const SYSTEMS = {
  'apple-darwin': { os: 'darwin', library: 'libasync_hooks_rs.dylib' },
  'pc-windows-msvc': { os: 'win32', abi: 'msvc', library: 'async_hooks_rs.dll' },
  'unknown-linux-gnu': { os: 'linux', abi: 'gnu', libc: 'glibc', library: 'libasync_hooks_rs.so' },
  'unknown-linux-musl': { os: 'linux', abi: 'musl', libc: 'musl', library: 'libasync_hooks_rs.so' },
};

/**
 * @typedef {object} Target
 * @property {string} triple  what Rust calls it
 * @property {string} platform  what napi-rs calls it, as lib/package/target.js
 * @property {string} packageName
 * @property {string} binary  the name of the addon's file
 * @property {string} library  the name of the file that cargo writes
 * @property {string} os  this and the next two: as npm calls them
 * @property {string} cpu
 * @property {string} [libc]
 */

/** @returns {Target} */
function target(triple) {
  const [arch, ...rest] = triple.split('-');
  const { os, abi, libc, library } = SYSTEMS[rest.join('-')];
  const cpu = ARCHS[arch];
  const platform = [os, cpu, ...(abi === undefined ? [] : [abi])].join('-');
  const binary = `${name}.${platform}.node`;
  return { triple, platform, packageName: `${name}-${platform}`, binary, library, os, cpu, libc };
}

module.exports = { targets: targets.map(target) };
