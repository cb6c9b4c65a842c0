'use strict';

// What the threads of a pool write to their standard output and error (lib/worker/output.js): for
// the streams of this thread, or for those of the pool.

const { Buffer } = require('node:buffer');
const { STDOUT } = require('../../wire/packet.js');

const { from } = Buffer;

/** @typedef {import('node:stream').Readable} Readable */

class Output {
  #scope;
  /** @type {Readable | null} */
  stdout;
  /** @type {Readable | null} */
  stderr;

  /**
   * @param {{ stdout: string, stderr: string }} settings
   * @param {(fn: () => unknown) => void} scope  calls in the context of the pool
   */
  constructor({ stdout, stderr }, scope) {
    this.#scope = scope;
    this.stdout = streamFor(stdout);
    this.stderr = streamFor(stderr);
  }

  /**
   * The stream keeps the bytes until they are read.
   *
   * @param {number} descriptor
   * @param {Uint8Array} bytes
   */
  write(descriptor, bytes) {
    const pipe = descriptor === STDOUT ? this.stdout : this.stderr;
    const chunk = from(bytes.buffer);
    if (pipe !== null) {
      if (!pipe.destroyed) this.#scope(() => pipe.push(chunk));
      return;
    }
    const stream = descriptor === STDOUT ? process.stdout : process.stderr;
    // One that was closed takes nothing, as with console.log().
    if (stream.writable !== false) stream.write(chunk);
  }

  /**
   * Whether the output goes to a stream of the pool, of which listeners of the program hear.
   *
   * @param {number} descriptor
   */
  isPiped(descriptor) {
    return (descriptor === STDOUT ? this.stdout : this.stderr) !== null;
  }

  /** All threads have ended. */
  end() {
    for (const pipe of [this.stdout, this.stderr]) {
      if (pipe !== null && !pipe.destroyed) this.#scope(() => pipe.push(null));
    }
  }
}

/** @param {string} place  'inherit' or 'pipe' */
function streamFor(place) {
  if (place === 'inherit') return null;
  // Loaded by pools that have one.
  const { Readable } = require('node:stream');
  return new Readable(/** @type {object} */ ({ __proto__: null, read() {} }));
}

module.exports = { Output };
