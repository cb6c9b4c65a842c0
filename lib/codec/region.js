'use strict';

// Memory that packets are written to and read from.
//
// Rust writes into regions, too, so nobody but the pool may come to have their memory. Their views
// inherit nothing that a program can replace: their prototypes have the methods that are in use,
// which are the host's own, and no prototype themselves. Without a `constructor`, subarray() makes
// a Uint8Array whatever Symbol.species says.

const { defineProperty, memory, setPrototypeOf, text } = require('./built-ins.js');

const { entries } = Object;

/** @typedef {Region} PacketRegion */

/** @typedef {Uint8Array & typeof text} Bytes  with the methods that are in use */

class RegionBytes extends memory.Bytes {}
class RegionView extends memory.View {}

/**
 * @param {Function} Class
 * @param {object} methods
 * @param {object} getters
 */
function makeSafe({ prototype }, methods, getters) {
  for (const [name, value] of entries(methods)) {
    defineProperty(prototype, name, { __proto__: null, value });
  }
  for (const [name, get] of entries(getters)) {
    defineProperty(prototype, name, { __proto__: null, get });
  }
  prototype.constructor = undefined;
  setPrototypeOf(prototype, null);
}

makeSafe(RegionBytes, { ...memory.bytes, ...text }, memory.gettersOfBytes);
makeSafe(RegionView, memory.view, {});

class Region {
  /** @param {ArrayBuffer | SharedArrayBuffer} buffer */
  constructor(buffer) {
    // The types are as for an ArrayBuffer: nothing here tells a SharedArrayBuffer from one.
    const memoryOf = /** @type {ArrayBuffer} */ (buffer);
    this.bytes = /** @type {Bytes} */ (/** @type {Uint8Array} */ (new RegionBytes(memoryOf)));
    this.view = new RegionView(memoryOf);
    this.end = this.bytes.byteLength;

    // True while a value is being encoded into the region. A getter of that value may call
    // anything, and what runs then must neither write here nor hand the region over.
    this.writing = false;
  }
}

/**
 * A region over fresh memory.
 *
 * @param {number} byteLength
 */
const createRegion = (byteLength) => new Region(new memory.ArrayBuffer(byteLength));

/**
 * A region that Rust keeps. No program can detach, transfer or resize a SharedArrayBuffer, so its
 * memory stays where it is for as long as Rust refers to it.
 *
 * @param {number} byteLength
 */
const createKeptRegion = (byteLength) => new Region(new memory.SharedArrayBuffer(byteLength));

/**
 * A region over the given ArrayBuffer.
 *
 * @param {ArrayBuffer} buffer
 */
const regionOf = (buffer) => new Region(buffer);

module.exports = { createRegion, createKeptRegion, regionOf };
