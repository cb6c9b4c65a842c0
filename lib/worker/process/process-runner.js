'use strict';

// Stands in a process for the TaskRunner of a thread: tasks come from the bridge, and what becomes
// of them goes there.

const { AsyncResource } = require('../../node/async-hooks.js');
const { movedIn } = require('../../node/moved.js');
const { faultIn, refusalOf } = require('../../node/transfers.js');
const { captureStack } = require('../../errors/coded.js');
const { notCloneable } = require('../../errors/pool.js');
const { memory } = require('../memory.js');
const { ANOTHER_PROCESS, errorToFrame, fromFrame, kinds, toFrame } = require('./wire.js');

/** @typedef {import('../task-runner.js').ExportCall} ExportCall */
/** @typedef {import('../../contexts/context.js').Context} Context */
/** @typedef {(kind: string, frame: Uint8Array | undefined, leaves?: boolean) => void} Send */

const RESOURCE = 'WorkerPoolTask';
const RESOURCE_OPTIONS = Object.freeze({ triggerAsyncId: undefined, requireManualDestroy: true });

/** How far the task is. */
const phases = Object.freeze({
  NONE: 'none', // there is none
  RUNNING: 'running', // somebody waits for the reply
  ABORTED: 'aborted', // nobody does any more
});

class ProcessRunner {
  #send;
  #maxMemory;
  /** @type {readonly Context[]} */
  #contexts = [];
  /** @type {readonly Context[]} */
  #returning = [];
  /** @type {string} */
  #phase = phases.NONE;
  #isFollowed = false;
  // From start() on, before which no task comes.
  #process = /** @type {(task: any) => void} */ (/** @type {any} */ (undefined));
  #processCall = this.#process;

  /**
   * @param {{ contexts: import('../load.js').Given['contexts'], maxMemory: number }} config
   * @param {Send} send  to the bridge; `leaves` if the task is the last one
   */
  constructor({ contexts, maxMemory }, send) {
    this.#send = send;
    this.#maxMemory = maxMemory;
    if (contexts === undefined) return;
    this.#contexts = contexts.map(crossing().contextFrom);
    this.#returning = this.#contexts.filter(({ returns }) => returns);
  }

  /** Whether a task waits for its reply. */
  get pending() {
    return this.#phase !== phases.NONE;
  }

  /** Whether somebody waits for the reply. */
  get awaited() {
    return this.#phase === phases.RUNNING;
  }

  /**
   * Takes tasks from now on.
   *
   * @param {(task: any) => void} process
   * @param {boolean} _repliesLast  without a meaning here
   * @param {(call: ExportCall) => void} processCall
   */
  start(process, _repliesLast, processCall) {
    this.#process = process;
    this.#processCall = processCall;
    this.#send(kinds.STARTED, undefined);
  }

  /** The channel to the bridge does it. */
  keepAlive() {}

  /** The task that runs was aborted. */
  abort() {
    if (this.#phase === phases.RUNNING) this.#phase = phases.ABORTED;
  }

  /**
   * A task has come.
   *
   * @param {Uint8Array} frame
   */
  run(frame) {
    const { call, isCall, contexts, isFollowed } = fromFrame(frame);
    this.#phase = phases.RUNNING;
    this.#isFollowed = isFollowed;
    const process = isCall ? this.#processCall : this.#process;
    // What is entered with enterWith() ends with the task.
    const resource = new AsyncResource(RESOURCE, RESOURCE_OPTIONS);
    resource.runInAsyncScope(this.#runIn, this, contexts, process, isCall ? call : call[2]);
  }

  /**
   * The task fails if its contexts cannot be entered.
   *
   * @param {unknown[] | undefined} values  of the contexts
   * @param {(task: any) => void} process
   * @param {unknown} task
   */
  #runIn(values, process, task) {
    if (values === undefined) {
      process(task);
      return;
    }
    let entered = false;
    const enter = () => {
      entered = true;
      process(task);
    };
    try {
      crossing().enterAll(this.#contexts, values, enter);
    } catch (error) {
      if (entered) throw error;
      this.fail(error);
    }
  }

  /**
   * Throws what a getter of the value throws, and that it cannot be sent. What would be moved in a
   * thread is copied, and what could not be moved there is refused here, too.
   *
   * @param {unknown} value
   */
  reply(value) {
    const moved = movedIn(value);
    if (moved !== undefined) checkMoved(moved.transferList);
    /** @type {unknown[]} */
    const returned = [];
    if (this.#returning.length > 0) crossing().captureAll(this.#returning, returned);
    const result = moved === undefined ? value : moved.value;
    this.#end(kinds.REPLY, toFrame({ value: result, returned }, 'result'));
  }

  /** @param {unknown} error */
  fail(error) {
    this.#end(kinds.FAIL, errorToFrame(error));
  }

  /** @param {unknown} value  how far the task is, for who listens */
  tell(value) {
    if (!this.#isFollowed) return;
    let frame;
    try {
      frame = toFrame(value, 'progress');
    } catch (error) {
      throw captureStack(error, tell);
    }
    this.#send(kinds.TELL, frame);
  }

  /** @param {unknown} value  the next one of the task, which is a stream of them */
  give(value) {
    this.#send(kinds.GIVE, toFrame(value, 'value'));
  }

  /**
   * @param {string} kind
   * @param {Uint8Array} frame
   */
  #end(kind, frame) {
    this.#phase = phases.NONE;
    this.#send(kind, frame, this.#maxMemory !== Infinity && memory() > this.#maxMemory);
  }
}

/** @param {readonly any[]} list */
function checkMoved(list) {
  const refusal = refusalOf(list);
  if (refusal !== undefined) {
    throw notCloneable('result', refusal, ANOTHER_PROCESS, faultIn(list));
  }
}

// What errors leave out of their stacks.
const { tell } = ProcessRunner.prototype;

// Loaded by processes of pools that have contexts.
const crossing = () => require('../../contexts/index.js');

module.exports = { ProcessRunner };
