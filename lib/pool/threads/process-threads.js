'use strict';

// Workers of node:worker_threads, each of which has a process of its own that runs the processor
// (lib/worker/process/).

const { Worker } = require('node:worker_threads');
const { WorkerThreads } = require('./worker-threads.js');

// As it is now: a program may put something else in its place.
const { apply } = Reflect;
const { ref } = Worker.prototype;

/** @typedef {import('./worker-threads.js').WorkerThread} WorkerThread */

class ProcessThreads extends WorkerThreads {
  /**
   * The thread ends when its process has: so nothing of it is left when the pool is closed.
   *
   * @param {WorkerThread} thread
   * @param {boolean} awaited
   */
  terminate({ worker, control }, awaited) {
    if (awaited) apply(ref, worker, []);
    control.terminate();
  }

  /**
   * As `terminate()`: who ends the thread itself leaves a process that nobody waits for.
   *
   * @param {WorkerThread} thread
   */
  handleOf({ control }) {
    return control;
  }

  /**
   * That of the process is not known here.
   *
   * @returns {import('node:perf_hooks').EventLoopUtilization | undefined}
   */
  loopOf() {
    return undefined;
  }
}

module.exports = { ProcessThreads };
