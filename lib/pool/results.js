'use strict';

// The stream of results as it lies in the inbox: packets one after the other, which are read in
// place.

const { createRegion, decode } = require('../codec/index.js');
const { decodeAttached } = require('../codec/attachments.js');
const { now } = require('../node/clock.js');
const answer = require('../wire/answer.js');
const packet = require('../wire/packet.js');

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
  #start = 0; // the present packet
  #end = 0;
  #length = 0; // what was fetched
  #delivered = 0; // when the last ones were read

  /** The task of the present packet, or what stands in its place (wire/packet.js). */
  id = 0;
  /** What has happened (wire/status.js). */
  status = 0;

  /** The memory for it. */
  static createInbox() {
    return createRegion(packet.INBOX);
  }

  /**
   * `drain(poll)` fetches packets into the inbox and gives how many bytes they take; `each()` is
   * called for each packet, and calls `next()` first.
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
    this.#length = this.#drain(poll ? answer.POLL : answer.RING);
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
   * Goes to the next packet. Throws if it cannot be read, and everything that was fetched is given
   * up: nothing is read twice.
   */
  next() {
    const inbox = this.#inbox;
    const start = this.#end;
    this.#start = start;
    try {
      const end = packet.readEnd(inbox, start, this.#length);
      this.id = packet.readId(inbox, start);
      this.status = packet.readStatus(inbox, start);
      this.#end = end;
    } catch (error) {
      this.#end = this.#length;
      throw error;
    }
  }

  /** The worker of the present packet. */
  get workerId() {
    return packet.readWorkerId(this.#inbox, this.#start);
  }

  /** What the thread of the present packet has said that it ends by, if it has. */
  words() {
    if (this.#end === this.#start + packet.HEADER && !this.#isAttached) return undefined;
    try {
      return { error: this.value() };
    } catch (error) { // memory is exhausted
      return { error };
    }
  }

  /** The value of the present packet. Throws if memory is exhausted. */
  value() {
    const position = this.#start + packet.HEADER;
    if (!this.#isAttached) return decode(this.#inbox, position, undefined);
    const buffers = this.#takeAttachments();
    return decodeAttached(buffers, position < this.#end ? this.#inbox : undefined, position);
  }

  /** A copy of the bytes of the present packet, which are not an encoded value. */
  bytes() {
    return this.#inbox.bytes.slice(this.#start + packet.HEADER, this.#end);
  }

  get #isAttached() {
    return packet.readAttachments(this.#inbox, this.#start) > 0;
  }
}

module.exports = { Results };
