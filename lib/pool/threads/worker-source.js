'use strict';

// Makes the Workers of a pool. The first ones are started before the rest of the pool is loaded: it
// takes a thread tens of milliseconds to get to its program, and the pool is loaded meanwhile. Then
// the program waits for its configuration (worker-threads.js).

const { Worker } = require('node:worker_threads');
const { packageFiles } = require('../../package/files.js');

const { apply } = Reflect;
const { terminate, unref } = Worker.prototype;

class WorkerSource {
  #options;
  /** @type {Worker[]} */
  #started = [];
  /** @type {{ error: unknown } | undefined} */
  #failure;

  /** @param {object} options  for `new Worker()` */
  constructor(options) {
    this.#options = options;
  }

  /**
   * Starts that many Workers. Never throws: what fails is reported by `take()`, so that what the
   * pool lacks is reported first.
   *
   * @param {number} count
   */
  startAhead(count) {
    try {
      while (this.#started.length < count) {
        const worker = this.#make();
        this.#started[this.#started.length] = worker;
        apply(unref, worker, []); // nobody answers for it yet
      }
    } catch (error) {
      this.#failure = { error };
    }
  }

  /** A Worker, which the caller has to end. Throws what `new Worker()` throws. */
  take() {
    const worker = this.#started.shift();
    if (worker !== undefined) return worker;
    const failure = this.#failure;
    this.#failure = undefined;
    if (failure !== undefined) throw failure.error;
    return this.#make();
  }

  /** Ends the Workers that were not taken. */
  endStarted() {
    for (const worker of this.#started.splice(0)) apply(terminate, worker, []);
  }

  #make() {
    const { files } = packageFiles();
    // requireFiles() has looked for them.
    const { workerProgram } = /** @type {NonNullable<typeof files>} */ (files);
    try {
      return new Worker(workerProgram, this.#options);
    } catch (error) {
      throw ofNode(error);
    }
  }
}

/**
 * What Node throws for the options has a code, but for a value that it cannot copy.
 *
 * @param {unknown} error
 */
function ofNode(error) {
  const isOfCopy = error instanceof DOMException && error.name === 'DataCloneError';
  if (!isOfCopy) return error;
  // Loaded here: the first Workers are started before that.
  return require('../../errors/pool.js').notCloneable('workerData', error);
}

module.exports = { WorkerSource };
