'use strict';

// The stream of results as it lies in the inbox: entries one after the other (src/binding/pool/
// frames.rs), which are read in place.

const { createRegion, decode } = require('../codec/index.js');
const { decodeAttached } = require('../codec/attachments.js');
const { now } = require('../node/clock.js');
const { FRAME_HEADER, REGION } = require('../wire/numbers.js');

// How long results are delivered before the event loop turns, in ms.
const TURN_BUDGET = 4;

// How many results pass between two looks at the clock.
const RESULTS_PER_LOOK = 32;

// Results that come within so many ms after one another are looked for in each turn of the event
// loop, instead of having workers wake this thread: about what waking costs both of them.
const OFTEN = 0.02;

class Results {
  #each;
  #drain;
  #takeAttachments;
  #inbox;
  #start = 0; // the present entry
  #end = 0;
  #length = 0; // what was fetched
  #delivered = 0; // when the last ones were read

  /** The task of the present entry, or what stands in its place (src/pool/task.rs). */
  id = 0;
  /** What has happened: a status of wire/numbers.js. */
  outcome = 0;

  /** The memory for it. */
  static createInbox() {
    return createRegion(REGION + FRAME_HEADER);
  }

  /**
   * `drain(poll)` fetches entries into the inbox and gives how many bytes they take; `each()` is
   * called for each entry, and calls `next()` first.
   */
  constructor(inbox, { drain, takeAttachments, each }) {
    this.#inbox = inbox;
    this.#drain = drain;
    this.#takeAttachments = takeAttachments;
    this.#each = each;
  }

  /**
   * Delivers what is there; `expecting` says whether more is to come. True if it is to be called
   * again in the next turn of the event loop.
   */
  deliver(expecting) {
    const started = now();
    const often = expecting && started - this.#delivered < OFTEN;
    let over = this.#read(started);
    if (often && !over) {
      this.#fill(true);
      this.#read(started);
    }
    while (!often && !over && this.#fill(false)) over = this.#read(started);
    return often || over;
  }

  // Fetches what is in the stream. With `poll` no worker wakes this thread for what comes next.
  #fill(poll) {
    this.#end = 0;
    this.#length = this.#drain(poll ? 1 : 0);
    return this.#length > 0;
  }

  // Reads what was fetched. True if the event loop should turn first.
  #read(started) {
    if (this.#end === this.#length) return false;
    this.#delivered = now();
    for (let count = 1; this.#end < this.#length; count++) {
      this.#each();
      if (count % RESULTS_PER_LOOK === 0 && now() - started > TURN_BUDGET) return true;
    }
    return now() - started > TURN_BUDGET;
  }

  /**
   * Goes to the next entry. Throws if it cannot be read, and everything that was fetched is given
   * up: nothing is read twice.
   */
  next() {
    const { view } = this.#inbox;
    const start = this.#end;
    this.#start = start;
    try {
      const end = start + view.getUint32(start, true);
      if (end < start + FRAME_HEADER || end > this.#length) throw new RangeError('no such entry');
      this.id = view.getUint32(start + 4, true);
      this.outcome = view.getUint32(start + 8, true);
      this.#end = end;
    } catch (error) {
      this.#end = this.#length;
      throw error;
    }
  }

  /** The worker of the present entry. */
  get worker() {
    return this.#inbox.view.getUint32(this.#start + 12, true);
  }

  /** What the thread of the present entry has said that it ends by, if it has. */
  words() {
    if (this.#end === this.#start + FRAME_HEADER && !this.#isAttached) return undefined;
    try {
      return { error: this.value() };
    } catch (error) { // memory is exhausted
      return { error };
    }
  }

  /** The value of the present entry. Throws if memory is exhausted. */
  value() {
    const position = this.#start + FRAME_HEADER;
    if (!this.#isAttached) return decode(this.#inbox, position, undefined);
    const buffers = this.#takeAttachments();
    return decodeAttached(buffers, position < this.#end ? this.#inbox : undefined, position);
  }

  /** A copy of the bytes of the present entry, which are not an encoded value. */
  bytes() {
    return this.#inbox.bytes.slice(this.#start + FRAME_HEADER, this.#end);
  }

  get #isAttached() {
    return this.#inbox.view.getUint32(this.#start + 16, true) > 0;
  }
}

module.exports = { Results };
