'use strict';

// What is known while one value is encoded: where to, which objects were met, which large binary
// data goes beside the frame. One Output serves one encoding at a time and is used again and again;
// a getter that encodes a value of its own gets another one.

// Up to so many objects a plain search is faster than a Map.
const MAX_SEARCHED = 24;

// Buffers cut from one pool are checked against each other, so there must be an end.
const MAX_CLAIMS = 1024;

class Output {
  region = null;
  bytes = null;
  view = null;
  text = null;
  end = 0;

  // Whether for-in would show more than own properties.
  polluted = false;

  // The objects met so far; an object's number is its index.
  #objects = [];
  #count = 0;
  #numbers = null; // the same as a Map, once there are many

  /** Whether a reference was written, so that the decoder must number the objects. */
  repeated = false;

  /** Binary data that travels beside the frame. */
  attached = undefined;

  // By ArrayBuffer, which of its bytes travel; and the ArrayBuffers in the order of the claims.
  #claims = null;
  #claimed = null;

  /** Prepares for one encoding into `region`. */
  open(region, polluted) {
    region.writing = true;
    this.polluted = polluted;
    if (this.region !== region) {
      this.region = region;
      this.bytes = region.bytes;
      this.view = region.view;
      this.text = region.text;
      this.end = region.size;
    }
  }

  /** Forgets the value, however the encoding ended. */
  close() {
    this.region.writing = false;
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

  /** The number of an object that was met before; -1, and it gets one, if it was not. */
  numberOf(object) {
    const count = this.#count;
    if (count > MAX_SEARCHED) return this.#lookUp(object);
    const objects = this.#objects;
    for (let i = 0; i < count; i++) if (objects[i] === object) return i;
    objects[count] = object;
    this.#count = count + 1;
    return -1;
  }

  #lookUp(object) {
    if (this.#numbers === null) {
      this.#numbers = new Map();
      for (let i = 0; i < this.#count; i++) this.#numbers.set(this.#objects[i], i);
    }
    const number = this.#numbers.get(object);
    if (number !== undefined) return number;
    this.#numbers.set(object, this.#count);
    this.#objects[this.#count++] = object;
    return -1;
  }

  /** Where to go back to if what is written next has to be left out. */
  mark() {
    return {
      count: this.#count, attached: this.attached?.length ?? 0, claimed: this.#claimed?.length ?? 0,
    };
  }

  /** Forgets what was met since the mark. */
  rewind({ count, attached, claimed }) {
    while (this.#count > count) {
      const object = this.#objects[--this.#count];
      this.#objects[this.#count] = null;
      if (this.#numbers !== null) this.#numbers.delete(object);
    }
    if (this.attached !== undefined) this.attached.length = attached;
    while (this.#claimed !== null && this.#claimed.length > claimed) {
      const buffer = this.#claimed.pop();
      const claims = this.#claims.get(buffer);
      claims.pop();
      if (claims.length === 0) this.#claims.delete(buffer);
    }
  }

  /** Takes binary data that is to travel beside the frame; gives its index. */
  attach(bytes) {
    if (this.attached === undefined) this.attached = [];
    return this.attached.push(bytes) - 1;
  }

  /**
   * Notes that bytes of `buffer` travel. False if they must not travel alone, because views that
   * share memory share it after a clone, too. Only slices of Node's Buffers (`loose`), which lie in
   * one pool by chance, may travel apart, as long as they do not overlap.
   */
  claim(buffer, start, end, loose) {
    if (this.#claims === null) {
      this.#claims = new Map();
      this.#claimed = [];
    }
    const others = this.#claims.get(buffer);
    if (others === undefined) {
      this.#claims.set(buffer, [{ start, end, loose }]);
    } else {
      if (!loose || others.length === MAX_CLAIMS) return false;
      for (const other of others) {
        if (!other.loose || (start < other.end && other.start < end)) return false;
      }
      others.push({ start, end, loose });
    }
    this.#claimed.push(buffer);
    return true;
  }
}

module.exports = { Output };
