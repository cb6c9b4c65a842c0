'use strict';

// What encoding gives in place of a position.

/** The region is too small. */
const NO_ROOM = -1;
/** Only a MessagePort can carry the value. */
const NOT_PLAIN = -2;

module.exports = { NO_ROOM, NOT_PLAIN };
