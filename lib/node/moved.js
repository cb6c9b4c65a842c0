'use strict';

// A result that is moved to the thread of the pool and not copied: what move() returns. All copies
// of the package in a thread know it by its mark.

const MOVED = Symbol.for('async-hooks-rs.moved');

/** @typedef {{ value: unknown, transferList: readonly any[] }} Parts */

class Moved {
  /**
   * @param {Parts} parts
   * @param {() => never} refuse  called by whatever reads it as a part of another value
   */
  constructor(parts, refuse) {
    Object.defineProperties(this, {
      [MOVED]: { __proto__: null, value: parts },
      // No clone leaves it out.
      value: { __proto__: null, get: refuse, enumerable: true },
    });
  }
}

/**
 * What is moved, if that is what a function has returned.
 *
 * @param {any} result
 * @returns {Parts | undefined}
 */
const movedIn = (result) => result?.[MOVED];

module.exports = { Moved, movedIn };
