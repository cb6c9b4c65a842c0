'use strict';

// A processor that is a function, or several: (task, info) => result, or a promise of it. It has a
// lane for each task that the thread runs at once.

const { AsyncResource } = require('../node/async-hooks.js');
const { Broadcasts } = require('./broadcasts.js');
const { Control } = require('./control.js');
const { Lane } = require('./lane.js');
const { tearDown } = require('./setup.js');

/**
 * @typedef {object} Parts
 * @property {readonly import('./lane.js').Tasks[]} runners  one for each lane
 * @property {import('./exports.js').Exports} exported
 * @property {string} name  of the export for the tasks that name none
 * @property {string} file
 * @property {string} url  of the same
 * @property {Function | undefined} teardown  called before the thread ends
 * @property {import('node:worker_threads').MessagePort} control
 * @property {{ number: number, value: unknown } | undefined} broadcast  the last one
 * @property {boolean} sparesAborted  an aborted task may end by itself
 */

class FunctionProcessor {
  #lanes;
  #control;
  #sparesAborted;
  #broadcasts;
  #own;
  #file;
  #teardown;
  // Where no task's contexts are current.
  #scope = new AsyncResource('WorkerPoolProcessor');
  /** @type {import('./other-processors.js').OtherProcessors | undefined}  from the first task on */
  #others;

  /** @param {Parts} parts */
  constructor({ runners, exported, name, file, url, teardown, control, broadcast, sparesAborted }) {
    const listen = () => this.#control.take();
    const others = () => this.#otherProcessors();
    this.#lanes = runners.map((tasks) => new Lane({ tasks, exported, name, others, listen }));
    this.#sparesAborted = sparesAborted;
    this.#own = { url, exported };
    this.#file = file;
    this.#teardown = teardown;
    this.#control = new Control(control, {
      aborted: (lane, reason) => this.#lanes[lane].abort(reason),
      granted: (number, credits) => this.#streamOf(number)?.grant(credits),
      stopped: (number) => this.#streamOf(number)?.stop(),
      ended: () => this.#end(),
      broadcast: (message) => this.#broadcasts.hear(message),
    });
    this.#broadcasts = new Broadcasts({ exported, file, control: this.#control });
    if (broadcast !== undefined) this.#broadcasts.hear(broadcast);
  }

  /**
   * Takes tasks, after the values that are for all threads.
   *
   * @returns {Promise<void> | undefined}
   */
  begin() {
    const behind = this.#broadcasts.catchUp();
    if (behind !== undefined) return behind.then(() => this.#start());
    this.#start();
    return undefined;
  }

  /**
   * Ends the thread, whose setup has failed. Not every host reports the error's code and its cause.
   *
   * @param {Error} error
   */
  fail(error) {
    this.#control.fail(error);
    throw error;
  }

  #start() {
    const tearsDown = this.#teardown !== undefined;
    if (tearsDown || this.#sparesAborted) this.#control.announce(tearsDown);
    for (const lane of this.#lanes) lane.start();
  }

  // Loaded here: most threads run one file.
  #otherProcessors() {
    this.#others ??= new (require('./other-processors.js').OtherProcessors)({
      own: this.#own,
      scope: this.#scope,
      broadcasts: this.#broadcasts,
      tearsDown: () => this.#control.announce(true),
    });
    return this.#others;
  }

  /** @param {number} number */
  #streamOf(number) {
    for (const lane of this.#lanes) {
      const stream = lane.streamOf(number);
      if (stream !== undefined) return stream;
    }
    return undefined;
  }

  async #end() {
    for (const lane of this.#lanes) await lane.settled;
    await this.#broadcasts.settled;
    const own = { teardown: this.#teardown, file: this.#file };
    const failed = (/** @type {Error} */ error) => this.#control.fail(error);
    await tearDown([...(this.#others?.teardowns() ?? []), own], failed);
  }
}

module.exports = { FunctionProcessor };
