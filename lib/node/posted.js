'use strict';

// What a listener of parentPort posts besides its replies, and the id of the task that it was given
// last, on its way to the pool. A message without the mark is only a value.

const MARK = 'async-hooks-rs:posted';

/**
 * @param {unknown} value
 * @param {string} id
 */
const withId = (value, id) => [MARK, value, id];

/**
 * The value and, if there is one, the id.
 *
 * @param {unknown} posted
 * @returns {[value: unknown, id?: string]}
 */
function readPosted(posted) {
  const hasId = Array.isArray(posted) && posted.length === 3 && posted[0] === MARK;
  return hasId ? [posted[1], posted[2]] : [posted];
}

module.exports = { readPosted, withId };
