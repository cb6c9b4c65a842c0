'use strict';

// Pools whose program ranks their tasks: at submission, each gets a number, by which it waits.

const { located } = require('../errors/coded.js');
const { notARank, rankFailed } = require('../errors/pool.js');
const { NO_TIMEOUT } = require('../wire/packet.js');
const { Dispatcher } = require('./dispatcher.js');

/** @typedef {import('./options.js').Rank} Rank */
/** @typedef {import('./tasks/options.js').TaskOptions} TaskOptions */

class RankingDispatcher extends Dispatcher {
  #rank;

  /**
   * @param {ReturnType<typeof import('./options.js').poolOptions>} settings
   * @param {import('./assembly.js').Owner} owner
   * @param {Function} hidden
   */
  constructor(settings, owner, hidden) {
    super(settings, owner, hidden);
    this.#rank = /** @type {Rank} */ (settings.rank);
  }

  /** @type {Dispatcher['dispatch']} */
  dispatch(value, task, options, hidden) {
    const rank = this.#rankOf(value, options, hidden);
    super.dispatch(value, task, { ...options, rank }, hidden);
  }

  /**
   * @param {unknown} value
   * @param {TaskOptions} options
   * @param {Function} [hidden]
   */
  #rankOf(value, { priority, timeout, key, exported }, hidden) {
    const fn = this.#rank; // called without a receiver
    let rank;
    try {
      rank = fn(value, {
        priority,
        timeout: timeout === NO_TIMEOUT ? undefined : timeout,
        key,
        export: exported?.name,
      });
    } catch (error) {
      throw located(rankFailed(error), hidden);
    }
    if (typeof rank === 'number' && Number.isFinite(rank)) return rank;
    throw located(notARank(rank), hidden);
  }
}

module.exports = { RankingDispatcher };
