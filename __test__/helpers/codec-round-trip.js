'use strict';

// The codec with a registry of shapes in memory, in place of the addon's.

const codec = require('../../lib/codec/index.js');

/** A registry of shapes like the addon's. It is full after `capacity` numbers. */
function createRegistry(capacity = 65536) {
  const texts = [];
  const ids = new Map();
  return {
    first: 0,
    texts,
    id(text) {
      const known = ids.get(text);
      if (known !== undefined) return known;
      if (texts.length === capacity) return -1;
      ids.set(text, texts.length);
      return texts.push(text) - 1;
    },
    keys: (id) => texts[id],
  };
}

const region = codec.createRegion(1 << 22);

/** Copies as the pool passes them: each piece is a separate ArrayBuffer. */
const detachedCopies = (pieces) => pieces?.map((bytes) => new Uint8Array(bytes).buffer);

/** Encodes and decodes a value; returns the code if it cannot be encoded. */
function roundTrip(value, position = 16) {
  const end = codec.encode(region, position, value);
  return end < 0 ? end : codec.decode(region, position, detachedCopies(codec.attachments()));
}

/** The same for a thrown value. */
function roundTripError(thrown, position = 16) {
  const end = codec.encodeError(region, position, thrown);
  return end < 0 ? end : codec.decode(region, position, detachedCopies(codec.attachments()));
}

/** A value as bytes. */
function bytesOf(value) {
  const end = codec.encode(region, 0, value);
  return end < 0 ? end : Buffer.from(region.bytes.slice(0, end));
}

module.exports = { codec, createRegistry, detachedCopies, roundTrip, roundTripError, bytesOf };
