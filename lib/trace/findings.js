'use strict';

// What is known of findings in the thread: the addon counts them and puts them into words, this
// passes new ones on to whoever wants to know at once.

const { channel } = require('node:diagnostics_channel');

const CHANNEL = 'async-hooks-rs:context-loss';

class Findings {
  #session;
  /** @type {Set<string>} sightings of which the addon has heard */
  #seen = new Set();
  /** @type {Set<(finding: any) => void>} */
  #listeners = new Set();
  #isTelling = false;

  /** @param {import('./session.js').Session} session */
  constructor(session) {
    this.#session = session;
  }

  /** @param {import('./reads.js').Evidence} evidence */
  add(evidence) {
    this.#session.evidence(evidence);
    const { rule, storage, read, made, actual } = evidence;
    const key = `${rule} ${storage} ${read} ${made} ${actual === 0}`;
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    this.tell();
  }

  /**
   * @param {(finding: any) => void} listener
   * @returns {() => void} ends it
   */
  listen(listener) {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Passes on what is new. */
  tell() {
    // A listener may read a store, and so find more.
    if (this.#isTelling) return;
    this.#isTelling = true;
    try {
      for (let news; (news = this.#session.news()).length > 0; ) {
        for (const finding of news) this.#pass(finding);
      }
    } finally {
      this.#isTelling = false;
    }
  }

  /** @param {any} finding */
  #pass(finding) {
    for (const listener of this.#listeners) {
      try {
        listener(finding);
      } catch (error) {
        process.nextTick(rethrow, error);
      }
    }
    const losses = channel(CHANNEL);
    if (losses.hasSubscribers) losses.publish(finding);
  }
}

/** @param {unknown} error */
function rethrow(error) {
  throw error;
}

module.exports = { Findings };
