'use strict';

// What the processor writes to process.stdout and process.stderr.
//
// Node sends it to the main thread one piece at a time: the next one when the main thread has
// answered, and what waits for that is lost when the thread ends. Here it goes into the pool's
// stream of results at once. So it is there before the reply that comes after it, and however the
// thread ends.

const { Buffer } = require('node:buffer');
const { STDERR, STDOUT } = require('../wire/packet.js');

const { concat, from } = Buffer;
const STREAMS = [['stdout', STDOUT], ['stderr', STDERR]];

/** Hands everything that is written from now on to `write(descriptor, bytes)`. */
function forwardOutput(write) {
  for (const [name, descriptor] of STREAMS) {
    const stream = process[name];
    // Where a thread has descriptors of its own, it writes by itself.
    if (stream.fd === undefined) forward(stream, (bytes) => write(descriptor, bytes));
  }
}

function forward(stream, write) {
  Object.defineProperty(stream, '_writev', {
    __proto__: null,
    value(chunks, done) {
      write(chunks.length === 1 ? bytesOf(chunks[0]) : concat(chunks.map(bytesOf)));
      done();
    },
    writable: true,
    enumerable: false,
    configurable: true,
  });
}

const bytesOf = ({ chunk, encoding }) => typeof chunk === 'string' ? from(chunk, encoding) : chunk;

module.exports = { forwardOutput };
