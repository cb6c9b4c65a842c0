'use strict';

// Tasks that are cancelled in Rust, all of a call at once, and are then noted as settled one by
// one. Noting calls, and a call throws where the stack is used up: what was not noted yet is noted
// before anybody is told.

const { SETTLED } = require('../wire/answer.js');

class Cancellations {
  #batches = [];
  #note;
  #stop;

  /**
   * `note(id, makeError, batch)` notes one task, and counts up `batch.noted` with it;
   * `stop(workerId)` ends the thread that ran one.
   */
  constructor({ note, stop }) {
    this.#note = note;
    this.#stop = stop;
  }

  /** Tasks were cancelled; `answers` are those of native.cancel(). */
  add(ids, answers, makeError) {
    this.#batches[this.#batches.length] = { ids, answers, makeError, noted: 0, stopped: 0 };
    this.finish();
  }

  /** Goes on where it was broken off. */
  finish() {
    while (this.#batches.length > 0) {
      const batch = this.#batches[0];
      const { ids, answers, makeError } = batch;
      while (batch.noted < ids.length) {
        // The result of one that is settled is on the way.
        if (answers[batch.noted] === SETTLED) batch.noted++;
        else this.#note(ids[batch.noted], makeError, batch);
      }
      while (batch.stopped < ids.length) {
        const answer = answers[batch.stopped];
        if (answer >= 0) this.#stop(answer);
        batch.stopped++;
      }
      if (this.#batches[0] === batch) this.#batches.shift();
    }
  }
}

module.exports = { Cancellations };
