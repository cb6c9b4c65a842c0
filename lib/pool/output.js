'use strict';

// What the threads of a pool write to their standard output and error (lib/worker/output.js).

const { Buffer } = require('node:buffer');
const { STDOUT } = require('../wire/packet.js');

const { from } = Buffer;

/**
 * Writes it to the stream of this thread, which keeps the bytes.
 *
 * @param {number} descriptor
 * @param {Uint8Array} bytes
 */
function writeOutput(descriptor, bytes) {
  const stream = descriptor === STDOUT ? process.stdout : process.stderr;
  // One that was closed takes nothing, as with console.log().
  if (stream.writable !== false) stream.write(from(bytes.buffer));
}

module.exports = { writeOutput };
