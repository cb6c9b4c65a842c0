'use strict';

// The way of jobs to Redis: many in one step, and one step at a time, so that what comes meanwhile
// goes together. A step that the connection did not survive is repeated: the ids of the jobs are
// ours, and Redis takes none twice.

const { now, setImmediate, setTimeout } = require('../node/clock.js');
const { redisAway, refused } = require('../errors/queue.js');

/** @typedef {import('./outstanding.js').Entry} Entry */

const MOST_JOBS = 512;
const MOST_BYTES = 2 ** 24;
const PAUSE = 100; // ms, between two attempts

// How Redis says that it will be there soon.
const LATER = /^(?:LOADING|READONLY|CLUSTERDOWN|MASTERDOWN|TRYAGAIN|BUSY) /;

/**
 * Whether a command failed because of the connection, and not by what it said.
 *
 * @param {any} error
 */
function isAway(error) {
  const { name, code, message } = error;
  if (name === 'ReplyError') return LATER.test(message);
  return (
    (typeof code === 'string' && /^E[A-Z]+$/.test(code)) ||
    name === 'MaxRetriesPerRequestError' ||
    name === 'AbortError' ||
    name === 'ConnectionClosedError' ||
    /^Connection is closed|^Stream isn't writeable|^Command aborted/.test(message)
  );
}

class Submissions {
  #queue;
  #ready;
  #timeout;
  #told;
  /** @type {Entry[]} */
  #waiting = [];
  /** @type {Entry[]}  the ones on their way */
  #sent = [];
  /** @type {Promise<void> | undefined}  while something is on its way */
  #sending = undefined;
  #watching = false;
  #closed = false;
  /** @type {unknown} */
  #lastError = undefined;

  /**
   * @param {object} parts
   * @param {any} parts.queue  BullMQ's
   * @param {Promise<void>} parts.ready  until then no job may be added
   * @param {number} parts.timeout  in which Redis has to confirm a job, in milliseconds
   * @param {{
   *   isOutstanding: (entry: Entry) => boolean,
   *   confirmed: (entry: Entry) => void,
   *   late: (entry: Entry) => void,
   *   failed: (entry: Entry, error: Error) => void,
   * }} parts.told  `late` is for a job that Redis has, and that nobody waits for any more
   */
  constructor({ queue, ready, timeout, told }) {
    this.#queue = queue;
    this.#ready = ready;
    this.#timeout = timeout;
    this.#told = told;
  }

  /** @param {Entry} entry */
  push(entry) {
    this.#waiting.push(entry);
  }

  /** Sends what waits, unless something is on its way: then it goes after that. */
  send() {
    this.#watch();
    this.#sending ??= this.#sendAll();
  }

  async #sendAll() {
    await this.#ready;
    while (this.#waiting.length > 0 && !this.#closed) {
      this.#sent = this.#next();
      await this.#add();
    }
    this.#sending = undefined; // with nothing in between: what comes now is sent again
  }

  /**
   * The connection has failed; for the message of what is not confirmed in time.
   *
   * @param {Error} error
   */
  noteFailure(error) {
    this.#lastError = error;
  }

  /** Fulfilled when nothing is on its way any more. */
  async close() {
    this.#closed = true;
    this.#waiting = [];
    await this.#sending;
  }

  #next() {
    let bytes = 0;
    let count = 0;
    while (count < this.#waiting.length && count < MOST_JOBS && bytes < MOST_BYTES) {
      bytes += this.#waiting[count++].size;
    }
    return this.#waiting.splice(0, count);
  }

  async #add() {
    const { isOutstanding, confirmed, late, failed } = this.#told;
    for (;;) {
      const entries = this.#sent.filter(isOutstanding);
      if (entries.length === 0 || this.#closed) return;
      try {
        await this.#addAll(entries.map(({ job }) => job));
      } catch (error) {
        if (!isAway(error)) {
          for (const entry of entries) failed(entry, refused(error));
          return;
        }
        this.#lastError = error;
        await new Promise((resolve) => setTimeout(resolve, PAUSE));
        continue;
      }
      this.#lastError = undefined;
      this.#sent = [];
      for (const entry of entries) {
        if (isOutstanding(entry)) confirmed(entry);
        else late(entry);
      }
      return;
    }
  }

  /** @param {any[]} jobs */
  #addAll(jobs) {
    if (jobs.length > 1) return this.#queue.addBulk(jobs);
    const [{ name, data, opts }] = jobs;
    return this.#queue.add(name, data, opts);
  }

  // One timer, for the one that waits longest.
  #watch() {
    if (this.#watching) return;
    this.#watching = true;
    setTimeout(this.#timeIsUp, this.#timeout).unref();
  }

  // Where this thread has not run for long, what Redis has answered in time comes after the timer.
  #timeIsUp = () => setImmediate(this.#expire);

  #expire = () => {
    this.#watching = false;
    if (this.#closed) return;
    const start = now() - this.#timeout;
    const { isOutstanding, failed } = this.#told;
    const all = [...this.#sent, ...this.#waiting].filter(isOutstanding);
    this.#waiting = this.#waiting.filter(({ since }) => since > start);
    for (const entry of all) {
      if (entry.since <= start) failed(entry, redisAway(this.#timeout, this.#lastError));
    }
    const oldest = all.find(({ since }) => since > start);
    if (oldest === undefined) return;
    this.#watching = true;
    setTimeout(this.#timeIsUp, Math.max(1, oldest.since - start)).unref();
  };
}

module.exports = { Submissions, isAway };
