'use strict';

// Functions remember in which context they were made: the transform has each of them say so when it
// begins. (`__ahrAT(parent, site)`, where `parent` is what the call returned in the function around
// it.) Generators say so each time when they go on.

const { noteAround } = require('./around.js');
const { current, descends, isRightForAll } = require('./contexts.js');
const { Birth, MOST_BIRTHS, countForeign, learn } = require('./crossings.js');
const { kinds } = require('./event-kinds.js');
const { MASK, homes } = require('./homes.js');
const { isRestored } = require('./restores.js');
const { EMPTY, segmentToChange, state } = require('./segments.js');

/** @typedef {import('./contexts.js').Context | undefined} Current */

class Births {
  count = 0;
  #session;

  /** @param {import('./session.js').Session} session */
  constructor(session) {
    this.#session = session;
    /**
     * @param {Current} parent
     * @param {number} site
     */
    const at = (parent, site) => {
      const now = current();
      if (parent !== now) {
        if (parent !== undefined) {
          this.#crossed(parent, now, site, at);
        } else {
          homes[site & MASK] = /** @type {import('./contexts.js').Context} */ (now).id;
          if (state.segment !== EMPTY) forget(site);
        }
      } else if (now !== undefined) {
        homes[site & MASK] = now.id;
        if (state.segment !== EMPTY) forget(site);
      }
      return now;
    };
    this.at = at;
    /**
     * @template T
     * @param {T} value  that the `yield` gives
     * @param {Current} parent
     * @param {number} site
     */
    const resumed = (value, parent, site) => {
      const now = current();
      if (parent === undefined) return value;
      if (parent !== now) {
        this.#crossed(parent, now, site, resumed);
      } else {
        homes[site & MASK] = parent.id;
        if (state.segment !== EMPTY) forget(site);
      }
      return value;
    };
    this.resumed = resumed;
  }

  /**
   * @param {NonNullable<Current>} parent
   * @param {Current} now
   * @param {number} site
   * @param {Function} hidden
   */
  #crossed(parent, now, site, hidden) {
    noteAround(now, parent, hidden, site);
    if (descends(now, parent) || isRestored(now) || isRightForAll(now, parent)) {
      if (state.segment !== EMPTY) forget(site);
      return;
    }
    this.count++;
    learn(site, hidden);
    countForeign(parent, site, now);
    const { births } = segmentToChange();
    if (births.length === MOST_BIRTHS) births.shift();
    births.push(new Birth(site, parent, now, homes[site & MASK] === parent.id));
    this.#session.put(kinds.CROSSED, this.count, parent.id, 0, now?.id ?? 0, site, 0);
  }
}

/**
 * The function runs where it belongs, so what a frame of it shows is not the crossing of another
 * call, which has returned.
 *
 * @param {number} site
 */
function forget(site) {
  const { births } = state.segment;
  const at = births.findLastIndex((birth) => birth.site === site);
  if (at >= 0) births.splice(at, 1);
}

module.exports = { Births };
