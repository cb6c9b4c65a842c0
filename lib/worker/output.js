'use strict';

// What the processor writes to process.stdout and process.stderr.
//
// Node sends it to the main thread one piece at a time: the next one when the main thread has
// answered, and what waits for that is lost when the thread ends. Here it goes into the pool's
// stream of results at once. So it is there before the reply that comes after it, and however the
// thread ends.

const { Buffer } = require('node:buffer');
const { STDERR, STDOUT } = require('../wire/packet.js');

/** @typedef {{ chunk: Uint8Array | string, encoding: BufferEncoding }} Piece */

const { concat, from } = Buffer;
/** @type {['stdout' | 'stderr', number][]} */
const STREAMS = [
  ['stdout', STDOUT],
  ['stderr', STDERR],
];

/**
 * Hands everything that is written from now on to `write(descriptor, bytes)`.
 *
 * @param {(descriptor: number, bytes: Uint8Array) => void} write
 */
function forwardOutput(write) {
  for (const [name, descriptor] of STREAMS) {
    const stream = process[name];
    // Where a thread has descriptors of its own, it writes by itself.
    if (stream.fd === undefined) forward(stream, (bytes) => write(descriptor, bytes));
  }
}

/**
 * @param {object} stream
 * @param {(bytes: Uint8Array) => void} write
 */
function forward(stream, write) {
  Object.defineProperty(stream, '_writev', {
    __proto__: null,
    /**
     * @param {Piece[]} chunks
     * @param {() => void} done
     */
    value(chunks, done) {
      write(chunks.length === 1 ? bytesOf(chunks[0]) : concat(chunks.map(bytesOf)));
      done();
    },
    writable: true,
    enumerable: false,
    configurable: true,
  });
}

/** @param {Piece} piece */
const bytesOf = ({ chunk, encoding }) =>
  typeof chunk === 'string' ? from(chunk, encoding) : chunk;

module.exports = { forwardOutput };
