'use strict';

// Leaves what becomes of a task where the pool finds it: in the outbox, in attachments beside it,
// or in the port, if only that can carry it.

const { MessagePort } = require('node:worker_threads');
const { NO_ROOM, NOT_PLAIN, attachments, encode, encodeError } = require('../codec/index.js');
const { encodeLarge, packed } = require('../codec/attachments.js');
const { BY_PORT, ERROR, OUT_OF_MEMORY, RESULT } = require('../wire/status.js');
const { HEADER, writeEnd } = require('../wire/step.js');
const { movedIn } = require('../node/moved.js');
const { notCloneable } = require('../errors/pool.js');

// As they are now: a processor may put something else in their place.
const { apply } = Reflect;
const { postMessage } = MessagePort.prototype;

class Outcomes {
  #outbox;
  #attach;
  #port;
  #posted = 0;
  #left = 0; // how many outcomes

  /**
   * @param {ReturnType<typeof import('../codec/index.js').createKeptRegion>} outbox
   * @param {(views: Uint8Array | Uint8Array[]) => void} attach
   * @param {MessagePort} port
   */
  constructor(outbox, attach, port) {
    this.#outbox = outbox;
    this.#attach = attach;
    this.#port = port;
  }

  /**
   * Leaves a result. Returns its status. Throws what the value throws when it is read, or that no
   * message can hold it.
   *
   * @param {unknown} value
   * @param {readonly any[] | undefined} transferList
   */
  write(value, transferList) {
    if (transferList !== undefined && transferList.length > 0) {
      return this.#post(value, transferList);
    }
    return this.#putValue(value) ? RESULT : this.#postUnplain(value);
  }

  /**
   * Leaves what was thrown. Returns its status, which says whether there was memory for it;
   * `undefined` if a getter of the error has replied to the task meanwhile.
   *
   * @param {unknown} error
   */
  writeError(error) {
    const before = this.#left;
    const end = encodeError(this.#outbox, HEADER, error);
    try {
      const views = end >= 0 ? attachments() : (encodeLarge(error, encodeError) ?? tooLarge());
      if (this.#left !== before) return undefined;
      this.#put(end >= 0 ? end : HEADER, views);
      return ERROR;
    } catch {
      return this.writeNothing();
    }
  }

  /** There is no memory for the task or its result. Returns the status of that. */
  writeNothing() {
    this.#put(HEADER, undefined);
    return OUT_OF_MEMORY;
  }

  /**
   * False if only a port can carry the value. A getter of what a task tells may reply to it: while
   * that is on its way into the outbox, this goes beside.
   *
   * @param {unknown} value
   */
  #putValue(value) {
    const end = this.#outbox.writing ? NO_ROOM : encode(this.#outbox, HEADER, value);
    const views = end === NO_ROOM ? encodeLarge(value) : attachments();
    if (end === NOT_PLAIN || (end === NO_ROOM && views === undefined)) return false;
    this.#put(end === NO_ROOM ? HEADER : end, views);
    return true;
  }

  /** @param {unknown} value */
  #postUnplain(value) {
    const moved = movedIn(value);
    if (moved === undefined) return this.#post(value, []);
    return this.#post(moved.value, moved.transferList);
  }

  /**
   * Posted before the pool is told: then it finds the message there. It may find others before it,
   * of results that come later in the stream or were given up, so each has a number.
   *
   * @param {unknown} value
   * @param {readonly any[]} transferList
   */
  #post(value, transferList) {
    const number = this.#posted + 1;
    apply(postMessage, this.#port, [{ value, number }, transferList]);
    this.#posted = number;
    this.#putValue(number);
    return BY_PORT;
  }

  /**
   * The value that lies in the outbox up to `end`, and what goes beside it.
   *
   * @param {number} end
   * @param {Uint8Array[] | undefined} views
   */
  #put(end, views) {
    if (views !== undefined) this.#attach(packed(views));
    writeEnd(this.#outbox, end);
    this.#left++;
  }
}

// In place of an error that no message can hold.
const tooLarge = () =>
  encodeLarge(notCloneable('error', new RangeError('it is too large')), encodeError);

module.exports = { Outcomes };
