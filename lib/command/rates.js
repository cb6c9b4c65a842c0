'use strict';

// A line for each second in which tasks ended: how many, and how many a second.

const { clearTimeout, now, setTimeout } = require('../node/clock.js');

const SECOND = 1000;

class Rates {
  #server;
  #reporter;
  #works;
  #completed = 0;
  #failed = 0;
  #since = now();
  /** @type {any} */
  #timer;

  /**
   * @param {import('../queue/server.js').QueueServer} server
   * @param {import('./reporter.js').Reporter} reporter
   * @param {() => void} works  called when tasks have ended, so that Redis is there
   */
  constructor(server, reporter, works) {
    this.#server = server;
    this.#reporter = reporter;
    this.#works = works;
    this.#next();
  }

  stop() {
    clearTimeout(this.#timer);
    this.#tell();
  }

  #next() {
    this.#timer = setTimeout(() => {
      this.#tell();
      this.#next();
    }, SECOND);
    this.#timer.unref();
  }

  #tell() {
    const { completed, failed, running } = this.#server;
    const time = now();
    const ended = completed - this.#completed + failed - this.#failed;
    const perSecond = Math.round((ended / (time - this.#since)) * SECOND * 10) / 10;
    this.#completed = completed;
    this.#failed = failed;
    this.#since = time;
    if (ended === 0) return;
    this.#works();
    this.#reporter.say(
      'rate',
      `${perSecond} a second; ${completed} done, ${failed} failed, ${running} running`,
      { perSecond, completed, failed, running },
    );
  }
}

module.exports = { Rates };
