'use strict';

// What a process writes to its standard output and standard error, on its way to the pool.

const { STDERR, STDOUT } = require('../../wire/packet.js');

const DESCRIPTORS = [STDOUT, STDERR];

class ChildOutput {
  #received = [0, 0];
  #heard;

  /**
   * @param {(import('node:stream').Readable | null)[]} streams  `null` if there is no process
   * @param {(descriptor: number, bytes: Uint8Array) => void} write
   * @param {() => void} received  called when something has come
   */
  constructor(streams, write, received) {
    this.#heard = received;
    streams.forEach((stream, i) => {
      stream?.on('data', (bytes) => {
        this.#received[i] += bytes.length;
        write(DESCRIPTORS[i], bytes);
        received();
      });
      stream?.on('close', () => {
        this.#received[i] = Infinity;
        received();
      });
      stream?.on('error', () => {}); // then it is closed
    });
  }

  /**
   * Whether so many bytes have come of each, or no more will.
   *
   * @param {readonly number[]} written
   */
  has(written) {
    return written.every((count, i) => this.#received[i] >= count);
  }

  /** No more will come. */
  end() {
    this.#received.fill(Infinity);
    this.#heard();
  }
}

module.exports = { ChildOutput };
