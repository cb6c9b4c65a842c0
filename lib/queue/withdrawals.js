'use strict';

// Takes back jobs that nobody waits for any more: one that waits leaves the queue, and the server
// of one that runs is told. As far as Redis is there: whoever waited was told before.

const { Canceller } = require('./cancellations.js');
const { PATIENCE, end, settled, within } = require('./connections.js');

const REMOVED = 1; // Queue.remove(): not one that runs

// How many commands are on their way at once.
const AT_ONCE = 256;

class Withdrawals {
  #bullmq;
  #settings;
  #queue;
  #onError;
  /** @type {Canceller | undefined}  most pools need none */
  #canceller;
  /** @type {Set<Promise<void>>} */
  #underWay = new Set();

  /**
   * @param {any} bullmq
   * @param {{ name: string, connection: object, prefix: string }} settings
   * @param {any} queue  BullMQ's
   * @param {(error: Error) => void} onError
   */
  constructor(bullmq, settings, queue, onError) {
    this.#bullmq = bullmq;
    this.#settings = settings;
    this.#queue = queue;
    this.#onError = onError;
  }

  /** @param {string[]} ids */
  withdraw(ids) {
    if (ids.length === 0) return;
    const done = settled(this.#withdrawAll(ids));
    this.#underWay.add(done);
    done.then(() => this.#underWay.delete(done));
  }

  /**
   * Takes these back, too, then ends the connections; does not wait for a Redis that is away.
   *
   * @param {string[]} ids
   * @param {Promise<void>} sent  after which no more are withdrawn
   */
  async finish(ids, sent) {
    this.withdraw(ids);
    const all = sent.then(() => Promise.all(this.#underWay));
    await within(PATIENCE, all);
    await Promise.all([end(this.#queue), this.#canceller?.close()]);
  }

  /** @param {string[]} ids */
  async #withdrawAll(ids) {
    for (let i = 0; i < ids.length; i += AT_ONCE) {
      await Promise.all(ids.slice(i, i + AT_ONCE).map((id) => this.#withdrawOne(id)));
    }
  }

  /** @param {string} id */
  async #withdrawOne(id) {
    if ((await this.#queue.remove(id)) === REMOVED) return;
    this.#canceller ??= new Canceller(this.#bullmq, this.#settings, this.#onError);
    await this.#canceller.cancel(id);
  }
}

module.exports = { Withdrawals };
