'use strict';

// Tasks that end without a result of their thread: they are refused, cancelled, lost. Each is noted
// at once, and told in the next tick, so that no callback runs before the call that caused it has
// ended. Only so many are told before the event loop turns.
//
// Rust cancels all tasks of a call in one step, so that none is started meanwhile. To note them one
// by one may be broken off, because the stack is used up: it is completed before anybody is told.

const { unreadable } = require('../errors/pool.js');
const { nextTick, setImmediate } = require('../node/clock.js');
const { SETTLED } = require('../wire/answer.js');
const { NOT_UNDER_WAY } = require('./task-table.js');

const FAILURES_PER_TURN = 256;

/**
 * @typedef {import('./tasks.js').Task} Task
 * @typedef {import('./task-table.js').MakeError} MakeError
 *
 * @typedef {object} Batch  tasks that were cancelled together
 * @property {Uint32Array} ids
 * @property {Int32Array} answers  of native.cancel(), for each id
 * @property {MakeError} makeError
 * @property {boolean} lost  whether the results of settled tasks were lost
 * @property {number} noted  how many ids are done
 * @property {number} stopped  how many answers are done
 */

class Failures {
  #native;
  #tasks;
  #outbox;
  #parcels;
  #signals;
  #settlement;
  #stop;
  #told;
  /** @type {Batch[]} */
  #batches = [];
  #scheduled = false; // #tellFailed(), in the next tick or turn

  /**
   * @param {object} parts
   * @param {any} parts.native  the addon's NativePool
   * @param {import('./task-table.js').TaskTable} parts.tasks
   * @param {import('./outbox.js').Outbox} parts.outbox
   * @param {import('./parcels.js').Parcels} parts.parcels
   * @param {import('./abort-signals.js').AbortSignals} parts.signals
   * @param {import('./settlement.js').Settlement} parts.settlement
   * @param {(workerId: number) => void} parts.stop  stops the thread of a worker
   * @param {() => void} parts.told  called when some were told
   */
  constructor({ native, tasks, outbox, parcels, signals, settlement, stop, told }) {
    this.#native = native;
    this.#tasks = tasks;
    this.#outbox = outbox;
    this.#parcels = parcels;
    this.#signals = signals;
    this.#settlement = settlement;
    this.#stop = stop;
    this.#told = told;
  }

  /** The task is not let in. */
  refuse(task, error) {
    this.#schedule();
    this.#tasks.refuse(task, () => error);
  }

  /** Rust has settled the task of this id without a result, or does not know of it. */
  fail(id, makeError) {
    this.#schedule();
    const task = this.#tasks.fail(id, makeError);
    if (task !== undefined) this.release(task, id);
  }

  /**
   * Cancels those of the tasks that are under way, whether they wait or run. If the result of one
   * is on the way, the task gets it.
   */
  cancel(tasks, makeError) {
    this.#cancel('cancel', tasks, makeError, false);
  }

  /** Cancels all tasks that wait for a thread. */
  cancelWaiting(makeError) {
    this.#cancel('cancelWaiting', this.#tasks.underWay(), makeError, false);
  }

  /** Cancels all tasks: what the threads have sent cannot be read. */
  abandon(cause) {
    this.#cancel('cancel', this.#tasks.underWay(), () => unreadable(cause), true);
  }

  /** Gives up what the task of this id held until it was settled. */
  release(task, id) {
    this.#parcels.drop(id);
    this.#signals.unwatch(task); // last: it may call code of others, which may submit a task
  }

  // What is noted afterwards is told, too, and needs no call for that.
  #schedule() {
    if (this.#scheduled) return;
    nextTick(this.#tellFailed);
    this.#scheduled = true;
  }

  #cancel(method, tasks, makeError, lost) {
    this.#outbox.flush();
    const ids = idsOf(tasks);
    this.#schedule();
    const answers = this.#native[method](ids);
    this.#batches[this.#batches.length] = { ids, answers, makeError, lost, noted: 0, stopped: 0 };
    this.#complete();
  }

  // Goes on where it was broken off.
  #complete() {
    while (this.#batches.length > 0) {
      const batch = this.#batches[0];
      while (batch.noted < batch.ids.length) this.#noteNext(batch);
      while (batch.stopped < batch.ids.length) {
        const answer = batch.answers[batch.stopped];
        if (answer >= 0) this.#stop(answer);
        batch.stopped++;
      }
      if (this.#batches[0] === batch) this.#batches.shift();
    }
  }

  #noteNext(batch) {
    const id = batch.ids[batch.noted];
    const settled = batch.answers[batch.noted] === SETTLED;
    if (settled && !batch.lost) {
      batch.noted++;
      return;
    }
    // For one that is settled a result may still come.
    const task = this.#tasks.fail(id, batch.makeError, !settled);
    batch.noted++; // without a call in between
    if (task !== undefined) this.release(task, id);
  }

  // An exception of a callback interrupts it: the others are told in the next tick.
  #tellFailed = () => {
    this.#complete();
    let due = Math.min(this.#tasks.failedCount, FAILURES_PER_TURN);
    let interrupted = true;
    try {
      for (; due > 0; due--) {
        const { task, makeError } = this.#tasks.nextFailed();
        this.#settlement.tellError(task, makeError());
      }
      interrupted = false;
    } finally {
      if (this.#tasks.failedCount === 0) this.#scheduled = false;
      else if (interrupted) nextTick(this.#tellFailed);
      else setImmediate(this.#tellFailed);
      this.#told();
    }
  };
}

// Some may be settled already, if what settled them was broken off.
function idsOf(tasks) {
  const ids = [];
  for (const { id } of tasks) if (id !== NOT_UNDER_WAY) ids[ids.length] = id;
  return Uint32Array.from(ids);
}

module.exports = { Failures };
