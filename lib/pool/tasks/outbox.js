'use strict';

// The way of tasks into Rust: they are encoded into a region, and handed over in batches.

const { NO_ROOM, attachments, encode } = require('../../codec/index.js');
const { encodeLarge, packed } = require('../../codec/attachments.js');
const { TAKEN } = require('../../wire/answer.js');
const packet = require('../../wire/packet.js');
const { enqueueMicrotask } = require('../../node/microtask.js');
const { Parcels } = require('./parcels.js');
const { arrayBuffersOf, moveMemory } = require('./moved-memory.js');
const { notForNative } = require('../../errors/native.js');
const { notTaken } = require('../../errors/pool.js');

/** @typedef {import('./options.js').TaskOptions} TaskOptions */
/** @typedef {Uint8Array | DataView} View */

const { FLAG_BY_PORT, REGION } = packet;

// A call into native code costs about as much as encoding a task, so it is made once for many.
const TASKS_BEFORE_FLUSH = 32;
const BYTES_BEFORE_FLUSH = REGION / 2;
/** @type {never[]} */
const NO_TRANSFERS = [];

class Outbox {
  #submit;
  #submitAttached;
  #region;
  #parcels;
  #header; // how long it is
  #writeHeader;
  #refused;
  #refusal;
  #start = 0; // of the batch
  #length = 0;
  #count = 0;
  /** @type {number[]} */
  #ids = []; // of the tasks of the batch
  #flush = () => this.flush();

  /**
   * @param {object} parts
   * @param {(start: number, end: number) => number} parts.submit  hands over what lies there in
   *   the region; TAKEN or REFUSED
   * @param {(start: number, end: number, views: View | View[]) => number}
   *   parts.submitAttached  the same for the one task that lies there, with copies of the views;
   *   a DataView's memory is taken
   * @param {ReturnType<typeof import('../../codec/index.js').createRegion>} parts.region
   * @param {Parcels | undefined} parts.parcels  `undefined` if the threads have no ports
   * @param {boolean} parts.ranked  each task has a rank
   * @param {(id: number) => void} parts.refused  called for a task of a batch that was not taken
   * @param {(signal: AbortSignal | undefined) => unknown} parts.refusal  what the task with this
   *   signal is refused with, if a getter of its value has caused that
   */
  constructor({ submit, submitAttached, region, parcels, ranked, refused, refusal }) {
    this.#submit = submit;
    this.#submitAttached = submitAttached;
    this.#region = region;
    this.#parcels = parcels;
    this.#header = ranked ? packet.RANKED_HEADER : packet.HEADER;
    this.#writeHeader = ranked ? packet.writeRankedTask : packet.writeTask;
    this.#refused = refused;
    this.#refusal = refusal;
  }

  /** How many tasks Rust does not know of yet. */
  get pending() {
    return this.#count;
  }

  /**
   * Writes a task. `alone` if no other task is under way: then it does not wait for a batch. Throws
   * what a getter of the value throws, and what cannot be sent; then nothing was written, also if
   * it was the stack that was used up.
   *
   * @param {number} id
   * @param {unknown} value
   * @param {number} flags  for the packet
   * @param {TaskOptions} options
   * @param {boolean} alone
   */
  write(id, value, flags, options, alone) {
    const { transferList } = options;
    if (transferList !== undefined && transferList.length > 0) {
      if (this.#parcels === undefined) this.#writeMoved(id, value, transferList, flags, options);
      else this.#writeParcel(id, value, transferList, flags, options);
      return;
    }
    // A getter of a value may submit a task itself. That must not be written into this region.
    if (this.#region.writing) {
      this.#writeLarge(id, value, flags, options);
      return;
    }
    let end = encode(this.#region, this.#length + this.#header, value);
    if (end === NO_ROOM && this.#length > 0) {
      // there is more room without what waits
      this.flush();
      end = encode(this.#region, this.#header, value);
    }
    if (end < 0) {
      if (end === NO_ROOM) this.#writeLarge(id, value, flags, options);
      else this.#writeParcel(id, value, NO_TRANSFERS, flags, options);
      return;
    }
    const start = this.#length;
    this.#writeHeader(this.#region, start, end, id, flags, options);
    const views = attachments();
    if (views !== undefined) {
      this.flush();
      this.#submitNow(start, end, views);
      return;
    }
    const count = this.#count;
    const full = count === TASKS_BEFORE_FLUSH - 1 || end > BYTES_BEFORE_FLUSH;
    if (count === 0 && !alone && !full) enqueueMicrotask(this.#flush);
    this.#ids[count] = id;
    this.#length = end;
    this.#count = count + 1;
    if (!alone && !full) return;
    try {
      this.flush();
    } catch (error) {
      // Else Rust has had it, and it was refused.
      if (this.#count > count) {
        this.#length = start;
        this.#count = count;
      }
      throw error;
    }
  }

  /** Hands what was written to Rust. If the stack is used up, it throws and changes nothing. */
  flush() {
    const count = this.#count;
    if (count === 0) {
      // A getter's flush may have left the batch where its value was, which is gone.
      if (!this.#region.writing) this.#length = this.#start = 0;
      return;
    }
    const end = this.#length;
    const taken = this.#submit(this.#start, end);
    this.#count = 0;
    // Behind it a value may be on its way into the region, whose getter has called this.
    this.#length = this.#region.writing ? end : 0;
    this.#start = this.#length;
    if (taken === TAKEN) return;
    for (let i = 0; i < count; i++) this.#refused(this.#ids[i]);
  }

  /**
   * @param {number} id
   * @param {unknown} value
   * @param {number} flags
   * @param {TaskOptions} options
   */
  #writeLarge(id, value, flags, options) {
    const views = encodeLarge(value);
    if (views === undefined) this.#writeParcel(id, value, NO_TRANSFERS, flags, options);
    else this.#writeSingle(id, flags, options, views);
  }

  /**
   * @param {number} id
   * @param {unknown} value
   * @param {any[]} transferList
   * @param {number} flags
   * @param {TaskOptions} options
   */
  #writeParcel(id, value, transferList, flags, options) {
    if (this.#parcels === undefined) {
      this.#writeSingle(id, flags, options, encodedClone(value));
      return;
    }
    const refusal = () => this.#refusal(options.signal);
    this.#parcels.keep(id, Parcels.pack(value, transferList, refusal));
    try {
      this.#writeSingle(id, flags | FLAG_BY_PORT, options, []);
    } catch (error) {
      this.#parcels.drop(id);
      throw error;
    }
  }

  /**
   * A task for Rust threads, which have no port. If it is refused, nothing was transferred.
   *
   * @param {number} id
   * @param {unknown} value
   * @param {any[]} transferList
   * @param {number} flags
   * @param {TaskOptions} options
   */
  #writeMoved(id, value, transferList, flags, options) {
    const buffers = arrayBuffersOf(transferList);
    this.flush();
    const end = this.#region.writing ? NO_ROOM : encode(this.#region, this.#header, value);
    if (end < 0) {
      const views = (end === NO_ROOM ? encodeLarge(value) : undefined) ?? encodedClone(value);
      this.#writeSingle(id, flags, options, this.#move(views, buffers, options));
      return;
    }
    const memory = this.#move(attachments() ?? [], buffers, options);
    this.#writeHeader(this.#region, 0, end, id, flags, options);
    this.#submitNow(0, end, memory);
  }

  /**
   * What takes the place of the views, when the getters of the value have run.
   *
   * @param {Uint8Array[]} views
   * @param {ArrayBuffer[]} buffers
   * @param {TaskOptions} options
   */
  #move(views, buffers, { signal }) {
    const refusal = this.#refusal(signal);
    if (refusal !== undefined) throw refusal;
    return moveMemory(views, buffers);
  }

  /**
   * A task without a value of its own: it is the first attachment, or comes through a port. If a
   * value is on its way into the region, that is behind the place of its own header.
   *
   * @param {number} id
   * @param {number} flags
   * @param {TaskOptions} options
   * @param {View[]} views
   */
  #writeSingle(id, flags, options, views) {
    this.flush();
    const start = this.#length;
    const end = start + this.#header;
    this.#writeHeader(this.#region, start, end, id, flags, options);
    this.#submitNow(start, end, views);
  }

  /**
   * @param {number} start
   * @param {number} end
   * @param {View[]} views
   */
  #submitNow(start, end, views) {
    if (this.#submitAttached(start, end, packed(views)) !== TAKEN) throw notTaken();
  }
}

/**
 * The clone of a class instance is a plain object.
 *
 * @param {unknown} value
 */
function encodedClone(value) {
  const views = encodeLarge(Parcels.pack(value, NO_TRANSFERS).value);
  if (views === undefined) throw notForNative();
  return views;
}

module.exports = { Outbox };
