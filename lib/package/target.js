'use strict';

// What napi-rs calls the platform that the process runs on: the system, the processor, and what
// else a binary depends on there.

const fs = require('node:fs');

// Where the headers of an executable are, in all that were looked at: the first 1 KB.
const HEADERS = 2048;
const PT_INTERP = 3;

/** For example `linux-x64-gnu`. Every platform has such a name, also one without a package. */
function currentTarget() {
  const { platform, arch } = process;
  switch (platform) {
    case 'linux': return `linux-${arch}-${libc()}${arch === 'arm' ? 'eabihf' : ''}`;
    case 'win32': return `win32-${arch}-msvc`;
    default: return `${platform}-${arch}`;
  }
}

// Which C library the process itself has, whatever else is installed: a system with one of them can
// run a Node with the other.
function libc() {
  const loader = interpreter(process.execPath);
  if (loader !== undefined) return loader.includes('/ld-musl-') ? 'musl' : 'gnu';
  return reported();
}

/**
 * The program that loads the executable, as its ELF headers name it: 20 us, where the report takes
 * several milliseconds. `undefined` if it names none, as the loader itself, or may not be read.
 *
 * @param {string} file
 */
function interpreter(file) {
  const bytes = Buffer.alloc(HEADERS);
  try {
    const descriptor = fs.openSync(file, 'r');
    try {
      /** @type {(length: number, position: number) => number} */
      const read = (length, position) => fs.readSync(descriptor, bytes, 0, length, position);
      if (read(HEADERS, 0) < HEADERS || bytes.readUInt32BE(0) !== 0x7F454C46) return undefined;
      if (bytes[4] !== 2 || bytes[5] !== 1) return undefined; // 64 bits, little-endian
      const [first, size, count] =
        [Number(bytes.readBigUInt64LE(32)), bytes.readUInt16LE(54), bytes.readUInt16LE(56)];
      for (let at = first; at < first + count * size; at += size) {
        if (bytes.readUInt32LE(at) !== PT_INTERP) continue;
        const [offset, length] = [at + 8, at + 32].map((field) =>
          Number(bytes.readBigUInt64LE(field)));
        return bytes.toString('latin1', 0, read(Math.min(length, HEADERS), offset));
      }
      return undefined;
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
