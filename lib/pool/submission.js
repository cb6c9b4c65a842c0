'use strict';

// The way of tasks into the pool: encodes them into a region, and hands them to Rust in batches.
// Values that no encoding can carry stay here until a worker claims them, and go through its port.

const { MessagePort } = require('node:worker_threads');
const { NO_ROOM, attachments, createRegion, encode } = require('../codec/index.js');
const { detach, encodeLarge, transferable } = require('../codec/attachments.js');
const { TAKEN } = require('../wire/answer.js');
const { FLAG_BY_PORT, HEADER, REGION, writeTask } = require('../wire/packet.js');
const { enqueueMicrotask } = require('../node/microtask.js');
const { SafeMap } = require('./safe-map.js');
const { notCloneable, notForNative, notTaken } = require('../errors/pool.js');

// As they are now: a program may put something else in their place.
const { structuredClone } = globalThis;
const { apply } = Reflect;
const { close, postMessage } = MessagePort.prototype;

// A call into native code costs about as much as encoding a task, so it is made once for many.
const TASKS_BEFORE_FLUSH = 32;
const BYTES_BEFORE_FLUSH = REGION / 2;
const NO_TRANSFERS = [];

class Submission {
  #native;
  #submit;
  #region;
  #hasPorts;
  #start = 0; // of what Rust does not know of yet
  #length = 0;
  #count = 0;
  #ids = []; // of the tasks of the batch
  #encoding = false;
  #parcels = new SafeMap();
  #refused;
  #flush = () => this.flush();

  /**
   * `submit(start, end)` hands over what lies there in `region`; `hasPorts` says whether the
   * threads can be sent what only a MessagePort can carry; `refused(id)` is called for a task that
   * was added and that Rust has not taken.
   */
  constructor(native, { submit, region, hasPorts, refused }) {
    this.#native = native;
    this.#submit = submit;
    this.#region = region;
    this.#hasPorts = hasPorts;
    this.#refused = refused;
  }

  /** How many tasks Rust does not know of yet. */
  get pending() {
    return this.#count;
  }

  /**
   * Submits a task. `alone` if no other task is under way: then it does not wait for a batch.
   * Throws what a getter of the value throws, and what cannot be sent; then the task was not added,
   * also if it was the stack that was used up.
   */
  add(id, value, options, alone) {
    const { transferList } = options;
    if (transferList !== undefined && transferList.length > 0) {
      this.#addParcel(id, value, transferList, options);
      return;
    }
    // A getter of the value may submit a task itself. It must not write into this region.
    if (this.#encoding) {
      this.#addLarge(id, value, options);
      return;
    }
    let end = this.#encode(value);
    if (end === NO_ROOM && this.#length > 0) { // there is more room without what waits
      this.flush();
      end = this.#encode(value);
    }
    if (end < 0) {
      if (end === NO_ROOM) this.#addLarge(id, value, options);
      else this.#addParcel(id, value, NO_TRANSFERS, options);
      return;
    }
    const start = this.#length;
    writeTask(this.#region, start, end, id, 0, options);
    const views = attachments();
    if (views !== undefined) {
      this.flush();
      this.#submitAttached(this.#region.bytes, start, end, views);
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
    } catch (error) { // Rust has not taken it
      this.#length = start;
      this.#count = count;
      throw error;
    }
  }

  /** Hands what was encoded to Rust. If the stack is used up, it throws and changes nothing. */
  flush() {
    const count = this.#count;
    if (count === 0) return;
    const end = this.#length;
    const taken = this.#submit(this.#start, end);
    this.#count = 0;
    // Behind it a value may be on its way into the region, whose getter has called this.
    this.#length = this.#encoding ? end : 0;
    this.#start = this.#length;
    if (taken === TAKEN) return;
    for (let i = 0; i < count; i++) this.#refused(this.#ids[i]);
  }

  /** Sends the value that a worker has claimed. */
  deliver(id, port) {
    const parcel = this.#parcels.get(id);
    if (parcel === undefined) return; // its task was settled in between
    apply(postMessage, port, [{ value: parcel.value }, parcel.transferList]);
    this.#parcels.delete(id);
  }

  /** The task is settled: its value is not needed any more. */
  forget(id) {
    if (this.#parcels.size === 0) return;
    const parcel = this.#parcels.get(id);
    if (parcel === undefined) return;
    this.#parcels.delete(id);
    // Ports that nobody got: who holds the other end learns of it.
    for (const item of parcel.transferList) {
      if (item instanceof MessagePort) apply(close, item, []);
    }
  }

  #encode(value) {
    this.#encoding = true;
    try {
      return encode(this.#region, this.#length + HEADER, value);
    } finally {
      this.#encoding = false;
    }
  }

  #addLarge(id, value, options) {
    const views = encodeLarge(value);
    if (views === undefined) this.#addParcel(id, value, NO_TRANSFERS, options);
    else this.#single(id, 0, options, views);
  }

  // A task without a value of its own: it is the first attachment, or comes through a port.
  #single(id, flags, options, views) {
    this.flush();
    const region = createRegion(HEADER);
    writeTask(region, 0, HEADER, id, flags, options);
    this.#submitAttached(region.bytes, 0, HEADER, views);
  }

  #submitAttached(bytes, start, end, views) {
    if (!this.#native.submitAttached(bytes, start, end, views)) throw notTaken();
  }

  // The copy is made now, as for all others: what is changed later is not seen, what is transferred
  // is gone, and what cannot be cloned is known.
  #addParcel(id, value, transferList, options) {
    if (!this.#hasPorts && transferList.length > 0) throw notForNative();
    let parcel;
    try {
      const transfer = transferable(transferList);
      parcel = structuredClone(
        { value, transferList: transfer }, { __proto__: null, transfer });
    } catch (error) {
      throw notCloneable('task', error);
    }
    detach(transferList);
    if (!this.#hasPorts) {
      this.#addClone(id, parcel.value, options);
      return;
    }
    this.#parcels.set(id, parcel);
    this.#single(id, FLAG_BY_PORT, options, []);
  }

  // The clone of a class instance is a plain object.
  #addClone(id, value, options) {
    const views = encodeLarge(value);
    if (views === undefined) throw notForNative();
    this.#single(id, 0, options, views);
  }
}

module.exports = { Submission };
