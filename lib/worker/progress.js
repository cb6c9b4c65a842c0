'use strict';

// How far a task is, or a value of it, on its way to the pool. Loaded by threads that tell
// something.

const { NO_ROOM, NOT_PLAIN, attachments, encode } = require('../codec/index.js');
const { encodeLarge, packed } = require('../codec/attachments.js');
const { HEADER, writeEnd } = require('../wire/step.js');
const { notCloneable } = require('../errors/pool.js');

// As it is now: a processor may put something else in its place.
const { structuredClone } = globalThis;

/**
 * What tells a value. It throws what a getter of the value throws, and
 * ERR_WORKER_POOL_NOT_CLONEABLE,
 * whose stack has yet to be captured.
 *
 * @param {ReturnType<typeof import('../codec/index.js').createKeptRegion>} outbox
 * @param {(views: Uint8Array | Uint8Array[]) => void} attach
 * @param {{ pending: boolean }} tasks  whether the task has not ended
 * @param {string} what  it is, for errors
 * @param {() => void} told  called when the value lies in the outbox
 */
function teller(outbox, attach, tasks, what, told) {
  /** @type {Uint8Array[] | undefined}  beside the value that was written last */
  let views;

  /** @param {unknown} value */
  function write(value) {
    // A getter of a result may tell progress: the result is on its way into the outbox.
    const end = outbox.writing ? NO_ROOM : encode(outbox, HEADER, value);
    views = end === NO_ROOM ? encodeLarge(value) : attachments();
    if (end !== NO_ROOM) return end;
    return views === undefined ? NOT_PLAIN : HEADER;
  }

  /** @param {unknown} value */
  return (value) => {
    let end = write(value);
    // No port carries it. The clone of a class instance is a plain object.
    if (end === NOT_PLAIN) end = write(clone(value, what));
    if (end === NOT_PLAIN) throw notCloneable(what, 'it needs a port');
    if (!tasks.pending) return; // a getter of the value has replied to the task
    if (views !== undefined) attach(packed(views));
    writeEnd(outbox, end);
    told();
  };
}

/**
 * @param {unknown} value
 * @param {string} what
 */
function clone(value, what) {
  try {
    return structuredClone(value);
  } catch (error) {
    throw notCloneable(what, error);
  }
}

module.exports = { teller };
