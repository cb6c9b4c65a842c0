'use strict';

// What napi-rs calls the platform that the process runs on: the system, the processor, and what
// else a binary depends on there.

const { Buffer } = require('node:buffer'); // not every realm has the global one
const fs = require('node:fs');

// In the executables of Node, Bun and Deno the loader's path is in the first 900 bytes.
const START = 1024;

/** For example `linux-x64-gnu`. Every platform has such a name, also one without a package. */
function currentTarget() {
  const { platform, arch } = process;
  switch (platform) {
    case 'linux':
      return `linux-${arch}-${libc()}${arch === 'arm' ? 'eabihf' : ''}`;
    case 'win32':
      return `win32-${arch}-msvc`;
    default:
      return `${platform}-${arch}`;
  }
}

// Which C library the process itself has, whatever else is installed: a system with one of them can
// run a Node with the other.
function libc() {
  return named(process.execPath) ?? reported();
}

/**
 * The C library that the start of the executable names: its loader stands behind the headers. A
 * thirtieth of the time that the report takes. `undefined` if it stands elsewhere, or the file may
 * not be read.
 *
 * @param {string} executable
 */
function named(executable) {
  const bytes = Buffer.allocUnsafe(START);
  try {
    const descriptor = fs.openSync(executable, 'r');
    try {
      const start = bytes.toString('latin1', 0, fs.readSync(descriptor, bytes, 0, START, 0));
      if (start.includes('/ld-musl-')) return 'musl';
      return start.includes('/ld-linux-') ? 'gnu' : undefined;
    } finally {
      fs.closeSync(descriptor);
    }
  } catch {
    return undefined;
  }
}

// Node's report names the version of glibc that the process uses.
function reported() {
  const { report } = process;
  if (typeof report?.getReport !== 'function') return 'gnu';
  const { excludeNetwork } = report;
  report.excludeNetwork = true; // Node 22 and later would look up the names of connected hosts
  try {
    const { header, sharedObjects } = /** @type {any} */ (report.getReport());
    if (header?.glibcVersionRuntime) return 'gnu';
    /** @type {string[]} */
    const files = sharedObjects ?? [];
    return files.some((file) => file.includes('ld-musl-')) ? 'musl' : 'gnu';
  } catch {
    return 'gnu';
  } finally {
    report.excludeNetwork = excludeNetwork;
  }
}

module.exports = { currentTarget };
