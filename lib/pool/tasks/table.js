'use strict';

// Which tasks there are, and how far each has come:
//
//   enter() --> under way --> settle() ------------------------> told
//                        \--> fail() --> failed, nextFailed() --> told
//   refuse() ----------------------------^
//
// Any call may throw, because the stack is used up. So a step notes everything without a call in
// between: it is done or, if it throws, not begun.

const { queueFull } = require('../../errors/pool.js');
const { FLAG_EXPORT } = require('../../wire/packet.js');

// A table up to this size is kept: 128 KB.
const KEPT_IDS = 8192;

/** The `id` of a task that is not under way. */
const NOT_UNDER_WAY = -1;

/**
 * @typedef {import('./task.js').Task} Task
 * @typedef {() => unknown} MakeError  makes the error of a task, when the task is told
 * @typedef {{ task: Task, makeError: MakeError }} Failed
 */

class TaskTable {
  /** @type {(Task | undefined)[]} */
  #tasks = []; // those under way, by id
  /** @type {number[]} */
  #freeIds = []; // the first `#free` of them. V8 sets a length in C++, which takes 50 ns
  #free = 0;
  /** @type {(Failed | undefined)[]} */
  #failed = [];
  #failedTaken = 0;
  #maxTasks;
  #maxQueue;
  #drains;
  #outbox;
  #parcels;
  #makeKeys;
  /** @type {import('./keys.js').Keys | undefined}  once a task has had one */
  #keys;
  #signals;
  #contexts;
  #level;

  /** How many are under way. */
  outstanding = 0;
  /** How many have yet to be told: those under way, and those that have failed. */
  untold = 0;
  /** How many there have been. */
  submitted = 0;

  /**
   * @param {{ maxRunning: number, maxQueue: number }} settings
   * @param {object} parts
   * @param {import('../results/drains.js').Drains} parts.drains
   * @param {import('./outbox.js').Outbox} parts.outbox
   * @param {import('./parcels.js').Parcels} parts.parcels
   * @param {() => import('./keys.js').Keys} parts.makeKeys
   * @param {import('./abort-signals.js').AbortSignals} parts.signals
   * @param {import('./contexts.js').TaskContexts | undefined} parts.contexts
   * @param {import('./queue-level.js').QueueLevel | undefined} parts.level  if there is a limit
   */
  constructor(
    { maxRunning, maxQueue },
    { drains, outbox, parcels, makeKeys, signals, contexts, level },
  ) {
    this.#maxTasks = maxRunning + maxQueue;
    this.#maxQueue = maxQueue;
    this.#drains = drains;
    this.#outbox = outbox;
    this.#parcels = parcels;
    this.#makeKeys = makeKeys;
    this.#signals = signals;
    this.#contexts = contexts;
    this.#level = level;
  }

  /**
   * Gives the task an id, and writes it into the outbox. Throws what that throws, or that the queue
   * is full: then nothing is noted. False if the task has failed meanwhile.
   *
   * The id is noted first, because a getter of the value may do anything.
   *
   * @param {Task} task
   * @param {unknown} value
   * @param {import('./options.js').TaskOptions} options
   * @param {boolean} demands  a thread may have to be started for it
   */
  enter(task, value, options, demands) {
    if (this.outstanding >= this.#maxTasks) throw queueFull(this.#maxQueue);
    const free = this.#free;
    const id = free > 0 ? this.#freeIds[free - 1] : this.#tasks.length;
    const alone = this.outstanding === 0;
    const generation = this.#drains.youngest;
    task.id = id; // first: of an observed task it is a call
    if (free > 0) this.#free = free - 1;
    this.#tasks[id] = task;
    task.generation = generation;
    task.timeout = options.timeout;
    generation.missing++;
    this.outstanding++;
    this.untold++;
    this.submitted++;
    try {
      this.#level?.entered(this.outstanding);
      const flags = flagsOf(task, options);
      const content = (flags & FLAG_EXPORT) === 0 ? value : forExport(value, options);
      if (options.key === undefined) {
        this.#outbox.write(id, content, flags, options, alone);
      } else {
        this.#keys ??= this.#makeKeys();
        const numbered = this.#keys.enter(id, options);
        // Whether a thread is missing for it, Rust knows.
        this.#outbox.write(id, content, flags, numbered, alone || demands);
      }
    } catch (error) {
      if (task.id === NOT_UNDER_WAY) return false;
      task.id = NOT_UNDER_WAY;
      this.#tasks[id] = undefined;
      this.#freeIds[this.#free++] = id;
      generation.missing--;
      this.outstanding--;
      this.untold--;
      this.submitted--;
      this.#level?.left(this.outstanding);
      this.#keys?.drop(id);
      throw error;
    }
    return task.id === id;
  }

  /**
   * A task that was not let in: it has failed.
   *
   * @param {Task} task
   * @param {MakeError} makeError
   */
  refuse(task, makeError) {
    const generation = this.#drains.youngest;
    this.#failed[this.#failed.length] = { task, makeError };
    task.generation = generation;
    generation.missing++;
    this.untold++;
    this.submitted++;
  }

  /**
   * The task of this id is settled, and about to be told. `undefined` if there is none.
   *
   * @param {number} id
   */
  settle(id) {
    const task = this.#tasks[id];
    if (task === undefined) return undefined;
    task.id = NOT_UNDER_WAY; // first: of an observed task it is a call
    this.#tasks[id] = undefined;
    this.#freeIds[this.#free++] = id;
    this.outstanding--;
    this.#release(task, id);
    return task;
  }

  /**
   * The task is settled, unless it was already, and waits for being told an error. If its id is not
   * `reusable`, no other task gets it: something may still come for it.
   *
   * @param {Task} task
   * @param {MakeError} makeError
   * @param {boolean} [reusable]
   */
  fail(task, makeError, reusable = true) {
    const { id } = task;
    if (id === NOT_UNDER_WAY) return;
    task.id = NOT_UNDER_WAY; // first, as above
    this.#failed[this.#failed.length] = { task, makeError };
    this.#tasks[id] = undefined;
    if (reusable) this.#freeIds[this.#free++] = id;
    this.outstanding--;
    this.#release(task, id);
  }

  /** How many have failed and wait for being told. */
  get failedCount() {
    return this.#failed.length - this.#failedTaken;
  }

  /** The one that has waited longest; there has to be one. */
  nextFailed() {
    const next = /** @type {Failed} */ (this.#failed[this.#failedTaken]);
    this.#failed[this.#failedTaken++] = undefined;
    if (this.#failedTaken === this.#failed.length) {
      this.#failed.length = 0;
      this.#failedTaken = 0;
    }
    return next;
  }

  /**
   * The one of those that have failed and wait for being told.
   *
   * @param {(task: Task) => boolean} isIt
   */
  findFailed(isIt) {
    for (let i = this.#failed.length - 1; i >= this.#failedTaken; i--) {
      const failed = /** @type {Failed} */ (this.#failed[i]);
      if (isIt(failed.task)) return failed;
    }
    return undefined;
  }

  /** @param {Failed} failed  it was told */
  dropFailed(failed) {
    this.#failed.splice(this.#failed.lastIndexOf(failed), 1);
  }

  /**
   * The task of this id, if one is under way.
   *
   * @param {number} id
   */
  get(id) {
    return this.#tasks[id];
  }

  /**
   * The tasks that are under way for these: another object may be around one (observed-task.js).
   *
   * @param {Task[]} tasks
   */
  entered(tasks) {
    /** @type {Task[]} */
    const entered = [];
    for (const { id } of tasks) {
      const task = this.#tasks[id];
      if (task !== undefined) entered.push(task);
    }
    return entered;
  }

  /** The keys of those that are under way, if a task has had one. */
  get keys() {
    return this.#keys;
  }

  /** All that are under way. */
  underWay() {
    const tasks = [];
    for (let id = 0; id < this.#tasks.length; id++) {
      const task = this.#tasks[id];
      if (task !== undefined) tasks[tasks.length] = task;
    }
    return tasks;
  }

  /**
   * Gives back the memory of a peak; ids begin anew. False, and nothing is done, if it was none, if
   * a task is under way, or if something may still come for an id.
   */
  trim() {
    const ids = this.#tasks.length;
    if (ids <= KEPT_IDS || this.#free < ids) return false;
    this.#tasks = [];
    this.#freeIds = [];
    this.#free = 0;
    return true;
  }

  /**
   * What it held while it was under way. The signal comes last: it may call code of others, which
   * may submit a task that gets the same id.
   *
   * @param {Task} task
   * @param {number} id
   */
  #release(task, id) {
    this.#level?.left(this.outstanding);
    this.#parcels.drop(id);
    this.#keys?.drop(id);
    if (task.contexts !== undefined) this.#contexts?.release(task.contexts);
    if (task.watched !== undefined) this.#signals.unwatch(task);
  }
}

/**
 * @param {Task} task
 * @param {import('./options.js').TaskOptions} options
 */
function flagsOf({ contexts }, { flags }) {
  return contexts === undefined ? flags : flags | contexts.flags;
}

/**
 * @param {unknown} value
 * @param {import('./options.js').TaskOptions} options
 */
function forExport(value, { exported }) {
  const call = /** @type {import('./options.js').Exported} */ (exported);
  const { name, spread, stream, attempt, url } = call;
  if (url !== undefined) return [name, spread, value, stream, attempt, url];
  if (attempt > 1) return [name, spread, value, stream, attempt];
  return stream === undefined ? [name, spread, value] : [name, spread, value, stream];
}

module.exports = { TaskTable, NOT_UNDER_WAY };
