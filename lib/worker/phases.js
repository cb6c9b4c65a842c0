'use strict';

// How far the task of a TaskRunner is. What its worker takes next is known to Rust only.

const phase = Object.freeze({
  /** There is none. */
  NONE: 0,
  /** The processor is being called, and Rust looks for the reply when it was. */
  CALLED: 1,
  /** The processor may reply at any time; Rust has to be told. */
  OPEN: 2,
  /** As before, and what the thread ends by was left in the outbox, if it does during this task. */
  LAST_WORDS: 3,
});

module.exports = { phase };
