'use strict';

// Memory that frames are written to and read from.

class Region {
  constructor(buffer) {
    this.bytes = new Uint8Array(buffer);
    this.view = new DataView(buffer);
    this.text = Buffer.from(buffer); // the same memory: a Buffer moves long strings natively
    this.size = buffer.byteLength;

    // True while a value is being encoded into the region. A getter of that value may call
    // anything, and what runs then must neither write here nor hand the region over.
    this.writing = false;
  }
}

/** A region over fresh memory. */
const createRegion = (byteLength) => new Region(new ArrayBuffer(byteLength));

/** A region over the given ArrayBuffer. */
const regionOf = (buffer) => new Region(buffer);

module.exports = { createRegion, regionOf };
