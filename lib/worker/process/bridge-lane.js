'use strict';

// Where a bridge has tasks run in its process, one at a time.

const { AsyncResource } = require('../../node/async-hooks.js');
const { fromFrame, toFrame } = require('./wire.js');

/** @typedef {import('../task-runner.js').TaskRunner} TaskRunner */
/** @typedef {import('../task-runner.js').ExportCall} ExportCall */

class BridgeLane {
  #tasks;
  #contexts;
  #run;
  /** @type {AsyncResource | undefined}  of the task that runs */
  #scope;

  /**
   * @param {TaskRunner} tasks
   * @param {import('./relayed-contexts.js').RelayedContexts | undefined} contexts
   * @param {(frame: Uint8Array) => void} run  sends a task to the process
   */
  constructor(tasks, contexts, run) {
    this.#tasks = tasks;
    this.#contexts = contexts;
    this.#run = run;
  }

  /** Whether a task runs that was aborted. */
  get isAborted() {
    return this.#tasks.pending && !this.#tasks.awaited;
  }

  /** The process takes tasks. */
  start() {
    this.#tasks.keepAlive();
    const process = (/** @type {unknown} */ value) => this.#send([undefined, false, value], false);
    this.#tasks.start(process, true, (call) => this.#send(call, true));
  }

  /**
   * @param {ExportCall} call
   * @param {boolean} isCall  of an export, or with more to it than a value
   */
  #send(call, isCall) {
    const contexts = this.#contexts?.values();
    const { isFollowed } = this.#tasks;
    if (this.#contexts !== undefined) this.#scope = new AsyncResource('WorkerPoolTask');
    let frame;
    try {
      frame = toFrame({ call, isCall, contexts, isFollowed }, 'task');
    } catch (error) {
      this.#tasks.fail(error);
      return;
    }
    this.#run(frame);
  }

  /**
   * @param {Uint8Array} frame
   * @param {boolean} leaves  it was the last task of the process
   */
  reply(frame, leaves) {
    const { value, returned } = fromFrame(frame);
    if (leaves) this.#tasks.leave();
    // The contexts that return are those of the task.
    if (this.#scope === undefined) this.#reply(value);
    else {
      this.#scope.runInAsyncScope(() => {
        this.#contexts?.return(returned);
        this.#reply(value);
      });
    }
  }

  /** @param {unknown} value */
  #reply(value) {
    try {
      this.#tasks.reply(value);
    } catch (error) {
      this.#tasks.fail(error); // there is no memory for it
    }
  }

  /**
   * @param {Uint8Array} frame
   * @param {boolean} leaves
   */
  fail(frame, leaves) {
    if (leaves) this.#tasks.leave();
    this.#tasks.fail(fromFrame(frame));
  }

  /** @param {Uint8Array} frame */
  tell(frame) {
    this.#tasks.tell(fromFrame(frame));
  }

  /** @param {Uint8Array} frame */
  give(frame) {
    this.#tasks.give(fromFrame(frame));
  }
}

module.exports = { BridgeLane };
