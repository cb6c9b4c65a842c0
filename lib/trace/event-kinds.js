'use strict';

// What the first word of an event says. crates/trace/src/events/kinds.rs has the same numbers.

/** Numbers of kinds. */
const kinds = Object.freeze({
  ENTER: 1,
  LEAVE: 2,
  COLLECTED: 3,
  STORAGE: 4,
  INIT: 5,
  BEFORE: 6,
  AFTER: 7,
  DESTROY: 8,
  RESOLVE: 9,
  READ: 10,
  CROSSED: 11,
});

/** How a context was entered. */
const how = Object.freeze({ RUN: 1, ENTER_WITH: 2, EXIT: 4 });

/** Words of an event. */
const WORDS = 8;

module.exports = { WORDS, how, kinds };
