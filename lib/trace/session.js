'use strict';

// The thread's end of the session that the process has in the addon: events are written into a
// buffer that is handed over when it is full, evidence is handed over at once, after the events
// that came before it.

const { now } = require('../node/clock.js');
const { WORDS } = require('./event-kinds.js');

const EVENTS = 2048; // of a buffer
const MICROSECONDS = 1000;

class Session {
  #addon;
  #words = new Uint32Array(EVENTS * WORDS);
  #used = 0;
  /** @type {string[]} */
  #previews = [];
  #begun = now();

  /**
   * @param {import('../package/trace-native.js').TraceAddon} addon
   * @param {object} options  for the analysis
   */
  constructor(addon, options) {
    this.#addon = addon;
    addon.start(JSON.stringify(options));
    this.thread = addon.attach();
  }

  /**
   * @param {number} kind
   * @param {number} id
   * @param {number} a
   * @param {number} b
   * @param {number} ctx  number of a context
   * @param {number} site
   * @param {number} c
   */
  put(kind, id, a, b, ctx, site, c) {
    const words = this.#words;
    const at = this.#used;
    words[at] = kind;
    words[at + 1] = id;
    words[at + 2] = a;
    words[at + 3] = b;
    words[at + 4] = ctx;
    words[at + 5] = site;
    words[at + 6] = (now() - this.#begun) * MICROSECONDS;
    words[at + 7] = c;
    this.#used = at + WORDS;
    if (this.#used === words.length) this.hand();
  }

  /**
   * @param {number} context
   * @param {string} text
   */
  preview(context, text) {
    this.#previews.push(`${context} ${text}`);
  }

  /** Hands over what is in the buffer. */
  hand() {
    if (this.#used === 0 && this.#previews.length === 0) return;
    this.#addon.hand(this.thread, this.#words, this.#used, this.#previews);
    this.#used = 0;
    this.#previews = [];
  }

  /** @param {{ type: string, [name: string]: unknown }} evidence */
  evidence(evidence) {
    this.hand();
    this.#addon.evidence(this.thread, JSON.stringify(evidence));
  }

  /**
   * The report of the process so far.
   *
   * @param {boolean} final
   * @returns {string}
   */
  report(final) {
    this.hand();
    return this.#addon.report(this.thread, final);
  }

  /**
   * The findings that this thread has not been told of yet.
   *
   * @returns {any[]}
   */
  news() {
    this.hand();
    return JSON.parse(this.#addon.news(this.thread));
  }

  /**
   * The finding that some evidence of this thread has become.
   *
   * @param {import('./reads.js').Evidence} evidence
   * @returns {any}
   */
  finding({ rule, storage, read, made }) {
    this.hand();
    return JSON.parse(this.#addon.finding(this.thread, rule, storage, read, made)) ?? undefined;
  }

  end() {
    this.hand();
    this.#addon.detach(this.thread);
  }
}

module.exports = { Session };
