'use strict';

// The contexts that come with the tasks of a worker. Many tasks have the same ones: these are
// decoded once, and each task gets a copy of its own, because it may change it.

const { decode } = require('../codec/index.js');
const { engine } = require('../engine/index.js');
const {
  NOT_PLAIN,
  captureAll,
  contextFrom,
  copyOf,
  enterAll,
  snapshotOf,
} = require('../contexts/index.js');
const { setOwn } = require('../codec/shapes.js');
const { SafeMap } = require('../node/safe-map.js');
const { now, setImmediate, setTimeout } = require('../node/clock.js');
const { readHeader } = require('../wire/context.js');
const { NO_CONTEXT } = require('../wire/packet.js');
const { HEADER } = require('../wire/step.js');

// A constant of the module, so that the optimizing compiler inlines it.
const { runInResource } = engine;

/** @typedef {import('../contexts/context.js').Description} Description */
/** @typedef {import('../codec/region.js').PacketRegion} PacketRegion */

// In milliseconds. Long enough for tasks of which each is submitted when the one before has ended.
const KEPT_FOR = 20;

/** Contexts that were received, while tasks that have them follow each other. */
class Received {
  #read;
  #uses = 0;
  /**
   * One for each context, from the second use on, if all are plain data: most contexts come once,
   * or many times.
   *
   * @type {unknown[] | undefined}
   */
  snapshots = undefined;

  /** @param {() => unknown[]} read  decodes them anew, one value for each context */
  constructor(read) {
    this.#read = read;
  }

  /** What one task gets: its own values, because it may change them. */
  take() {
    if (this.snapshots !== undefined) return this.snapshots.map(copyOf);
    const values = this.#read();
    if (++this.#uses === 2) {
      const snapshots = values.map(snapshotOf);
      if (!snapshots.includes(NOT_PLAIN)) this.snapshots = snapshots;
    }
    return values;
  }
}

class TaskContexts {
  #contexts;
  #names;
  #canFrame;
  #returning;
  #read;
  #outbox;
  // By their numbers, for a short time: a number comes to mean something else, though not before
  // millions of contexts were sent.
  #received = new SafeMap();
  #since = 0; // when the first of them came
  // Those of the latest task that had some, until the event loop turns.
  /** @type {number} */
  #number = NO_CONTEXT;
  /** @type {Received | undefined} */
  #latest = undefined;

  /**
   * @param {readonly Description[]} descriptions
   * @param {(number: number) => number} read  writes a context to the outbox, where the value of
   *   a result lies, and gives its length; 0 if nobody waits for the task
   * @param {PacketRegion} outbox
   */
  constructor(descriptions, read, outbox) {
    this.#contexts = descriptions.map(contextFrom);
    this.#canFrame = runInResource !== undefined && this.#contexts.every(isPushed);
    this.#names = descriptions.map(({ name }) => name);
    this.#returning = this.#contexts.filter(({ returns }) => returns);
    this.#read = read;
    this.#outbox = outbox;
  }

  /**
   * Whether `frameOf()` may give a frame: there are storages only, whose stores come as they are,
   * and the engine has a way to enter it.
   */
  get canFrame() {
    return this.#canFrame;
  }

  /** Whether changes return with the results. */
  get returns() {
    return this.#returning.length > 0;
  }

  /**
   * The contexts of this number; `undefined` if it stands for none.
   *
   * @param {number} number
   */
  receive(number) {
    if (number === this.#number) return this.#latest;
    if (number === NO_CONTEXT) return undefined;
    if (this.#number === NO_CONTEXT) this.#begin();
    let received = this.#received.get(number);
    if (received === undefined) {
      received = new Received(() => this.#decode(number));
      if (this.#received.size === 0) this.#keep();
      this.#received.set(number, received);
    }
    this.#number = number;
    this.#latest = received;
    return received;
  }

  /**
   * What is current in contexts that were received, for `runInFrame()`; `undefined` if they have to
   * be entered one by one. Throws what `enter()` throws of itself.
   *
   * @param {Received} received
   */
  frameOf(received) {
    const { snapshots } = received;
    // The most frequent case, in which nothing else has to be made.
    if (snapshots?.length === 1) return this.#contexts[0].push(undefined, copyOf(snapshots[0]));
    const values = received.take();
    let frame;
    for (let i = 0; i < values.length; i++) {
      if (values[i] === undefined) continue;
      frame = this.#contexts[i].push(frame, values[i]);
      if (frame === undefined) return undefined;
    }
    return frame;
  }

  /**
   * Calls `process(task)` with `frame` current, in a new async resource of this type.
   *
   * @param {string} type
   * @param {import('node:async_hooks').AsyncResourceOptions} options
   * @param {unknown} frame  of `frameOf()`
   * @param {(task: unknown) => void} process
   * @param {unknown} task
   */
  runInFrame(type, options, frame, process, task) {
    /** @type {NonNullable<typeof runInResource>} */ (runInResource)(
      type,
      options,
      frame,
      process,
      task,
    );
  }

  /**
   * Calls `process(task)` in contexts that were received. Throws, too, if nobody waits for the task
   * any more, or there is no memory for what is received.
   *
   * @param {Received} received
   * @param {(task: unknown) => void} process
   * @param {unknown} task
   */
  enter(received, process, task) {
    const { snapshots } = received;
    // The most frequent case, in which nothing else has to be made.
    if (snapshots?.length === 1) this.#contexts[0].enter(copyOf(snapshots[0]), process, task);
    else enterAll(this.#contexts, received.take(), process, task);
  }

  /** What returns of the current contexts, by their names. */
  returned() {
    /** @type {Record<string, unknown>} */
    const object = {};
    /** @type {unknown[]} */
    const values = [];
    captureAll(this.#returning, values);
    for (let i = 0; i < values.length; i++) setOwn(object, this.#returning[i].name, values[i]);
    return object;
  }

  #keep() {
    this.#since = now();
    setTimeout(this.#drop, KEPT_FOR).unref();
  }

  // Whatever the thread has done may have taken so long that the timer is late, and this comes
  // before it.
  #begin() {
    if (this.#received.size > 0 && now() - this.#since >= KEPT_FOR) this.#received.clear();
    setImmediate(this.#turned);
  }

  #turned = () => {
    this.#number = NO_CONTEXT;
    this.#latest = undefined;
  };

  #drop = () => this.#received.clear();

  /** @param {number} number */
  #decode(number) {
    if (this.#read(number) === 0) throw new Error('The task was settled before it was run');
    const object = decodeObject(this.#outbox, HEADER);
    return this.#names.map((name) => object[name]);
  }
}

/** @param {import('../contexts/context.js').Context} context */
const isPushed = ({ isStorage, serialized }) => isStorage && !serialized;

/**
 * @param {PacketRegion} region
 * @param {number} at
 * @returns {Record<string, unknown>}
 */
function decodeObject(region, at) {
  const { start, end, lengths } = readHeader(region, at);
  let next = end;
  const attachments = lengths.map((length) => {
    next += length;
    return region.bytes.slice(next - length, next).buffer;
  });
  return /** @type {any} */ (decode(region, start, attachments));
}

module.exports = { Received, TaskContexts };
