'use strict';

// What is known while one value is encoded: where to, which objects were met, which large binary
// data goes beside the packet. One Output serves one encoding at a time and is used again and
// again; a getter that encodes a value of its own gets another one.

const { Map, deleteOfMap, getOfMap, setInMap } = require('./built-ins.js');

/** @typedef {{ at: number, count: number, attached: number, claimed: number }} Mark */
/** @typedef {{ start: number, end: number, loose: boolean }} Claim */

// Up to this many objects, a plain search is faster than a Map.
const MAX_SEARCHED = 24;

// Buffers cut from one pool are checked against each other, so there must be an end.
const MAX_CLAIMS = 1024;

// How many bytes may be written in vain, for parts of errors that turn out not to travel: this
// many, and as many for each byte that stays.
const MAX_WASTED = 1 << 20;
const MAX_WASTED_PER_BYTE = 4;

// What a getter that throws counts as. Its value may be large.
const WASTED_BY_THROWING = 4096;

class Output {
  // Those of the last encoding. Before the first there are none, and nobody asks for them.
  region = /** @type {import('./region.js').PacketRegion} */ (/** @type {any} */ (null));
  bytes = /** @type {import('./region.js').PacketRegion['bytes']} */ (/** @type {any} */ (null));
  view = /** @type {import('./region.js').PacketRegion['view']} */ (/** @type {any} */ (null));
  end = 0;

  /** Whether objects carry their keys, because the shapes of this process are not known there. */
  selfContained = false;

  /** Whether the way of most objects is not theirs: see writeCarefully() of write.js. */
  careful = false;

  // The objects met so far; an object's number is its index.
  /** @type {unknown[]} */
  #objects = [];
  #count = 0;
  /** @type {Map<unknown, number> | null} */
  #numbers = null; // the same as a Map, once there are many

  /** Whether a reference was written, so that the decoder must number the objects. */
  repeated = false;

  /**
   * Binary data that travels beside the packet.
   *
   * @type {Uint8Array[] | undefined}
   */
  attached = undefined;

  // By ArrayBuffer, which of its bytes travel; and the ArrayBuffers in the order of the claims.
  /** @type {Map<ArrayBuffer, Claim[]> | null} */
  #claims = null;
  /** @type {ArrayBuffer[] | null} */
  #claimed = null;

  /** How far was written when an object was begun or something refused: close to where. */
  reached = 0;

  /** How many bytes were written in vain. */
  wasted = 0;
  #start = 0;

  #write;

  /**
   * @param {(out: Output, value: unknown, at: number, depth: number) => number} write  that of
   *   write.js, by which built-ins and errors have written what is nested in them
   */
  constructor(write) {
    this.#write = write;
  }

  /**
   * Writes a value of any kind; gives the position after it or a negative code.
   *
   * @param {unknown} value
   * @param {number} at
   * @param {number} depth
   */
  write(value, at, depth) {
    return this.#write(this, value, at, depth);
  }

  /**
   * Prepares for one encoding into `region`, at `position`.
   *
   * @param {import('./region.js').PacketRegion} region
   * @param {number} position
   * @param {boolean} polluted  for-in shows more than own properties
   * @param {boolean} selfContained
   */
  open(region, position, polluted, selfContained) {
    this.selfContained = selfContained;
    this.careful = polluted || selfContained;
    this.#start = position;
    this.reached = position;
    this.wasted = 0;
    if (this.region !== region) {
      this.region = region;
      this.bytes = region.bytes;
      this.view = region.view;
      this.end = region.end;
    }
  }

  /** Forgets the value, however the encoding ended. */
  close() {
    while (this.#count > 0) this.#objects[--this.#count] = null;
    if (this.#numbers !== null) {
      this.#numbers = null;
      this.#objects.length = 0;
    }
    this.repeated = false;
    this.attached = undefined;
    this.#claims = null;
    this.#claimed = null;
  }

  /**
   * The number of an object that was met before; -1, and it gets one, if it was not.
   *
   * @param {unknown} object
   */
  numberOf(object) {
    const count = this.#count;
    if (count > MAX_SEARCHED) return this.#lookUp(object);
    const objects = this.#objects;
    for (let i = 0; i < count; i++) if (objects[i] === object) return i;
    objects[count] = object;
    this.#count = count + 1;
    return -1;
  }

  /** @param {unknown} object */
  #lookUp(object) {
    if (this.#numbers === null) {
      this.#numbers = new Map();
      for (let i = 0; i < this.#count; i++) setInMap(this.#numbers, this.#objects[i], i);
    }
    const number = getOfMap(this.#numbers, object);
    if (number !== undefined) return number;
    setInMap(this.#numbers, object, this.#count);
    this.#objects[this.#count++] = object;
    return -1;
  }

  /**
   * Whether a value may be tried at `at` that perhaps does not travel. Not if too much was written
   * in vain already: many errors may share one large value that does not travel, and each of them
   * would try it.
   *
   * @param {number} at
   */
  mayTry(at) {
    return this.wasted <= MAX_WASTED + MAX_WASTED_PER_BYTE * (at - this.#start);
  }

  /**
   * Where to go back to if what is written next, at `at`, has to be left out.
   *
   * @param {number} at
   */
  mark(at) {
    return {
      at,
      count: this.#count,
      attached: this.attached?.length ?? 0,
      claimed: this.#claimed?.length ?? 0,
    };
  }

  /**
   * Forgets what was met since the mark, and counts it as written in vain.
   *
   * @param {Mark} mark
   * @param {boolean} threw
   */
  rewind({ at, count, attached, claimed }, threw) {
    this.wasted += this.reached - at + (threw ? WASTED_BY_THROWING : 0);
    this.reached = at;
    while (this.#count > count) {
      const object = this.#objects[--this.#count];
      this.#objects[this.#count] = null;
      if (this.#numbers !== null) deleteOfMap(this.#numbers, object);
    }
    if (this.attached !== undefined) this.attached.length = attached;
    while (this.#claimed !== null && this.#claimed.length > claimed) {
      const buffer = this.#claimed[this.#claimed.length - 1];
      this.#claimed.length--;
      const claims = getOfMap(this.#claims, buffer);
      claims.length--;
      if (claims.length === 0) deleteOfMap(this.#claims, buffer);
    }
  }

  /**
   * Takes binary data that is to travel beside the packet; gives its index.
   *
   * @param {Uint8Array} bytes
   */
  attach(bytes) {
    if (this.attached === undefined) this.attached = [];
    const index = this.attached.length;
    this.attached[index] = bytes;
    return index;
  }

  /**
   * Notes that bytes of `buffer` travel. False if they must not travel alone, because views that
   * share memory share it after a clone, too. Only slices of Node's Buffers (`loose`), which lie in
   * one pool by chance, may travel apart, as long as they do not overlap.
   *
   * @param {ArrayBuffer} buffer
   * @param {number} start
   * @param {number} end
   * @param {boolean} loose
   */
  claim(buffer, start, end, loose) {
    if (this.#claims === null) {
      this.#claims = new Map();
      this.#claimed = [];
    }
    const others = getOfMap(this.#claims, buffer);
    if (others === undefined) {
      setInMap(this.#claims, buffer, [{ start, end, loose }]);
    } else {
      if (!loose || others.length === MAX_CLAIMS) return false;
      for (let i = 0; i < others.length; i++) {
        const other = others[i];
        if (!other.loose || (start < other.end && other.start < end)) return false;
      }
      others[others.length] = { start, end, loose };
    }
    const claimed = /** @type {ArrayBuffer[]} */ (this.#claimed); // there are claims
    claimed[claimed.length] = buffer;
    return true;
  }
}

module.exports = { Output };
