'use strict';

// The contexts that travel with the tasks of a pool. They are captured when a task is submitted.
// What is the same for many tasks is encoded once: the tasks only have its number, by which the
// threads ask for it. It is forgotten after the last of these tasks.

const { NO_ROOM, attachments, createKeptRegion, encode } = require('../../codec/index.js');
const {
  captureAll,
  findNotCloneable,
  isUnchanged,
  snapshotOf,
} = require('../../contexts/index.js');
const { setOwn } = require('../../codec/shapes.js');
const { notCloneable, tooLarge } = require('../../errors/contexts.js');
const { outOfMemory } = require('../../errors/pool.js');
const { setImmediate } = require('../../node/clock.js');
const { SafeMap } = require('../../node/safe-map.js');
const { TAKEN } = require('../../wire/answer.js');
const { objectAt, writeHeader } = require('../../wire/context.js');
const { CONTEXT_SHIFT, LAST_CONTEXT, REGION } = require('../../wire/packet.js');
const { HEADER } = require('../../wire/step.js');
const { ContextNumbers } = require('./context-numbers.js');

/** @typedef {import('../../contexts/context.js').Context} Context */
/** @typedef {import('./task.js').Task} Task */

// A worker reads contexts where the values of results lie.
const LARGEST = REGION - HEADER;

// As it is now: a program may put something else in its place.
const { structuredClone } = globalThis;
const { is } = Object;

/** Contexts that were sent: the values of all of them at one moment. */
class Sent {
  /** How many tasks have it that are not settled. */
  tasks = 0;
  isForgotten = false;
  /** By which the threads ask for it: once Rust knows it. */
  number = 0;

  /**
   * @param {readonly unknown[]} values  one per context
   * @param {readonly unknown[]} stores  what these are of, where changes come back; else the values
   * @param {readonly unknown[] | undefined} snapshots  of these; `undefined` if nobody knows
   *   whether they come again
   */
  constructor(values, stores, snapshots) {
    this.values = values;
    this.stores = stores;
    this.snapshots = snapshots;
  }

  /** For the flags of a packet. */
  get flags() {
    return this.number << CONTEXT_SHIFT;
  }

  /**
   * @param {readonly unknown[]} values
   * @param {readonly unknown[]} stores
   */
  areSame(values, stores) {
    for (let i = 0; i < values.length; i++) {
      // 0 and -0 are two stores.
      if (!is(values[i], this.values[i]) || !is(stores[i], this.stores[i])) return false;
    }
    return true;
  }

  /** What was sent is still what there is. */
  areUnchanged() {
    const { snapshots, values } = this;
    if (snapshots === undefined) return false;
    for (let i = 0; i < snapshots.length; i++) {
      if (!isUnchanged(values[i], snapshots[i])) return false;
    }
    return true;
  }
}

class TaskContexts {
  #contexts;
  /** They, if all are storages whose stores are sent as they are. */
  #stored;
  #region = createKeptRegion(LARGEST);
  #define;
  #forget;
  // Most tasks have the contexts of the task before.
  /** @type {Sent | undefined} */
  #latest;
  #byValue = new SafeMap(); // those sent last, by the value of the first context
  #numbers = new ContextNumbers(LAST_CONTEXT);
  /** @type {unknown[] | undefined}  an array that is not in use */
  #values = [];
  /** @type {Sent[]}  without tasks, for this turn of the event loop: a task may follow */
  #unused = [];

  /**
   * @param {readonly Context[]} contexts
   * @param {import('../../package/addon.js').NativePool} native
   */
  constructor(contexts, native) {
    this.#contexts = contexts;
    ({ define: this.#define, forget: this.#forget } = native.contexts(this.#region.bytes));
    this.#stored = contexts.every(isStored) ? contexts : undefined;
    this.returns = contexts.some((context) => context.returns);
  }

  /**
   * The contexts of the caller, which the task gets: it has to be released. Throws what a function
   * of the program throws, and what says that they cannot be sent.
   *
   * @param {Task} task
   */
  capture(task) {
    const latest = this.#latest;
    if (latest !== undefined && this.#areStill(latest)) {
      latest.tasks++;
      task.contexts = latest;
      return;
    }
    const values = this.#values ?? [];
    // A function of the program that captures may submit a task.
    this.#values = undefined;
    if (captureAll(this.#contexts, values)) this.#note(task, values);
    for (let i = 0; i < values.length; i++) values[i] = undefined; // it holds the stores
    this.#values = values;
  }

  /**
   * Whether the contexts of the caller are those that were sent, and unchanged. False, too, where
   * the program has to be asked for what is sent.
   *
   * @param {Sent} sent
   */
  #areStill({ values, snapshots }) {
    const stored = this.#stored;
    if (stored === undefined || snapshots === undefined) return false;
    for (let i = 0; i < stored.length; i++) {
      const store = stored[i].store();
      if (store !== values[i] || !isUnchanged(store, snapshots[i])) return false;
    }
    return true;
  }

  /**
   * @param {Task} task
   * @param {unknown[]} values  of this moment: the array is used again
   */
  #note(task, values) {
    const stores = this.returns ? this.#stores() : values;
    let sent = this.#find(values, stores);
    if (sent === undefined || !sent.areUnchanged()) {
      sent = this.#send([...values], [...stores], sent !== undefined);
    }
    this.#latest = sent;
    sent.tasks++;
    task.contexts = sent;
  }

  /**
   * The task is settled, or was not let in.
   *
   * @param {Sent} sent
   */
  release(sent) {
    // First, because the stack may be used up: then none would ever be forgotten.
    if (sent.tasks === 1 && this.#unused.length === 0) setImmediate(this.#forgetUnused);
    if (--sent.tasks === 0) this.#unused[this.#unused.length] = sent;
  }

  /**
   * Brings what a task has changed into the stores of its submission. Throws what `merge()` throws.
   *
   * @param {Sent | undefined} sent
   * @param {Record<string, unknown>} returned  by the names of the contexts
   */
  merge(sent, returned) {
    if (sent === undefined) return;
    this.#contexts.forEach((context, i) => {
      if (!context.returns || !context.isStorage || !Object.hasOwn(returned, context.name)) return;
      const store = sent.stores[i];
      if (store !== undefined) context.merge(store, returned[context.name]);
    });
  }

  #stores() {
    return this.#contexts.map((context) => (context.isStorage ? context.store() : undefined));
  }

  /**
   * @param {readonly unknown[]} values
   * @param {readonly unknown[]} stores
   * @returns {Sent | undefined}
   */
  #find(values, stores) {
    const latest = this.#latest;
    if (latest !== undefined && latest.areSame(values, stores)) return latest;
    const other = this.#byValue.get(values[0]);
    return other !== undefined && other.areSame(values, stores) ? other : undefined;
  }

  /**
   * Objects get a snapshot when they come a `second` time: most requests submit one task, or many.
   *
   * @param {readonly unknown[]} values
   * @param {readonly unknown[]} stores
   * @param {boolean} second
   */
  #send(values, stores, second) {
    const { length, plain } = this.#encode(values);
    const isComparable = plain && (second || values.every(isPrimitive));
    const snapshots = isComparable ? values.map(snapshotOf) : undefined;
    // Before Rust knows of it, because the stack may be used up.
    const sent = new Sent(values, stores, snapshots);
    const number = this.#numbers.take();
    if (this.#define(number, length) !== TAKEN) {
      this.#numbers.free(number);
      throw outOfMemory();
    }
    sent.number = number;
    this.#byValue.set(values[0], sent);
    return sent;
  }

  #forgetUnused = () => {
    const unused = this.#unused;
    this.#unused = [];
    for (let i = 0; i < unused.length; i++) {
      const sent = unused[i];
      // It may have got a task meanwhile, and have been unused twice.
      if (sent.tasks > 0 || sent.isForgotten) continue;
      sent.isForgotten = true;
      this.#forget(sent.number);
      this.#numbers.free(sent.number);
      if (this.#latest === sent) this.#latest = undefined;
      if (this.#byValue.get(sent.values[0]) === sent) this.#byValue.delete(sent.values[0]);
    }
  };

  /**
   * Leaves the contexts in the region. `plain` if a snapshot says whether they have changed.
   *
   * @param {readonly unknown[]} values
   */
  #encode(values) {
    // With a prototype: one without is slow to encode, and so is everything after it.
    /** @type {Record<string, unknown>} */
    const object = {};
    for (let i = 0; i < values.length; i++) {
      if (values[i] !== undefined) setOwn(object, this.#contexts[i].name, values[i]);
    }
    let length = this.#write(object);
    const plain = length >= 0;
    if (length < 0 && length !== NO_ROOM) length = this.#write(this.#clone(object, values));
    if (length === NO_ROOM) throw tooLarge(this.#contexts, LARGEST);
    if (length < 0) throw this.#notCloneable(values);
    return { length, plain };
  }

  /**
   * The clone of an instance of a class is a plain object.
   *
   * @param {Record<string, unknown>} object
   * @param {readonly unknown[]} values
   */
  #clone(object, values) {
    try {
      return structuredClone(object);
    } catch {
      throw this.#notCloneable(values);
    }
  }

  /** @param {readonly unknown[]} values */
  #notCloneable(values) {
    const isCloneable = (/** @type {unknown} */ value) => {
      try {
        return this.#write({ value: structuredClone(value) }) >= 0;
      } catch {
        return false;
      }
    };
    const found = findNotCloneable(this.#contexts, values, isCloneable);
    return found ?? notCloneable(this.#contexts[0].name, '', values[0]);
  }

  /**
   * How many bytes were written, or why not.
   *
   * @param {object} object
   */
  #write(object) {
    const region = this.#region;
    // The header has a length for each attachment, and how many there are is known afterwards.
    let end = encode(region, objectAt(0), object);
    if (end < 0) return end;
    let views = attachments() ?? [];
    if (views.length > 0) {
      end = encode(region, objectAt(views.length), object);
      if (end < 0) return end;
      views = attachments() ?? [];
    }
    writeHeader(region, end, views);
    for (const view of views) {
      if (end + view.byteLength > LARGEST) return NO_ROOM;
      region.bytes.set(view, end);
      end += view.byteLength;
    }
    return end;
  }
}

/**
 * @param {Context} context
 * @returns {context is import('../../contexts/context.js').StorageContext}
 */
const isStored = (context) => context.isStorage && !context.serialized;

/** @param {unknown} value */
const isPrimitive = (value) => typeof value !== 'object' || value === null;

module.exports = { Sent, TaskContexts };
