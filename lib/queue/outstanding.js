'use strict';

// The tasks of a queue pool that are not settled, by the ids of their jobs.
//
//   QUEUED -> SUBMITTED -> RUNNING -> (settled: not in the table)
//                 ^___________/        a retry, or a server that fell silent
//
// From each state a task may be settled; and it is settled once, because it leaves the table first.

/** Redis has not confirmed that it has the job. */
const QUEUED = 'queued';
/** The job waits in Redis. */
const SUBMITTED = 'submitted';
/** A server runs it. */
const RUNNING = 'running';

/** @typedef {typeof QUEUED | typeof SUBMITTED | typeof RUNNING} State */

/**
 * @typedef {object} Entry
 * @property {string} id  of the job
 * @property {import('../pool/tasks/task.js').Task} task
 * @property {State} state
 * @property {number} since  when it was submitted, or looked up (clock.js)
 * @property {object} job  as BullMQ takes it
 * @property {number} size  of the job, about, in bytes
 */

class Outstanding {
  /** @type {Map<string, Entry>} */
  #entries = new Map();
  /** @type {WeakMap<object, string>} */
  #ids = new WeakMap();

  /** How many of them a server runs. */
  running = 0;

  get size() {
    return this.#entries.size;
  }

  /** @param {Entry} entry */
  add(entry) {
    this.#entries.set(entry.id, entry);
    this.#ids.set(entry.task, entry.id);
  }

  /** @param {string} id */
  get(id) {
    return this.#entries.get(id);
  }

  /** @param {Entry} entry */
  has(entry) {
    return this.#entries.get(entry.id) === entry;
  }

  /** @param {object} task */
  of(task) {
    return this.#entries.get(this.#ids.get(task) ?? '');
  }

  /**
   * Redis has the job.
   *
   * @param {Entry} entry
   */
  confirm(entry) {
    if (entry.state === QUEUED) entry.state = SUBMITTED;
  }

  /** @param {string} id */
  start(id) {
    this.#move(id, RUNNING);
  }

  /** @param {string} id */
  wait(id) {
    this.#move(id, SUBMITTED);
  }

  /**
   * Takes the entry out, to be settled; `undefined` if it was.
   *
   * @param {string} id
   */
  take(id) {
    const entry = this.#entries.get(id);
    if (entry === undefined) return undefined;
    this.#entries.delete(id);
    if (entry.state === RUNNING) this.running--;
    return entry;
  }

  /** All of them, in the order of their submission or look-up. */
  all() {
    return [...this.#entries.values()];
  }

  /**
   * Those that Redis has confirmed and nobody has asked about since `time`, `limit` of them at
   * most. The next call gives others.
   *
   * @param {number} time
   * @param {number} now
   * @param {number} limit
   */
  silentSince(time, now, limit) {
    const found = [];
    for (const entry of this.#entries.values()) {
      if (found.length === limit || entry.since > time) break;
      found.push(entry);
    }
    for (const entry of found) {
      entry.since = now;
      this.#entries.delete(entry.id);
      this.#entries.set(entry.id, entry);
    }
    return found.filter(({ state }) => state !== QUEUED);
  }

  /**
   * @param {string} id
   * @param {State} state
   */
  #move(id, state) {
    const entry = this.#entries.get(id);
    if (entry === undefined || entry.state === state) return;
    this.running += state === RUNNING ? 1 : entry.state === RUNNING ? -1 : 0;
    entry.state = state;
  }
}

module.exports = { QUEUED, Outstanding };
