'use strict';

// Tasks that end without a result of their thread: they are refused, cancelled, lost. Each is noted
// at once, and told in the next tick, so that no callback runs before the call that caused it has
// ended. FAILURES_PER_TURN limits how many are told before the event loop turns.
//
// Rust cancels all tasks of a call in one step, so that none is started meanwhile. They are noted
// one by one, which a stack overflow may break off: the rest is noted before any task is told.

const { unreadable } = require('../../errors/pool.js');
const { nextTick, setImmediate } = require('../../node/clock.js');
const { LEFT_QUEUE, SETTLED } = require('../../wire/answer.js');
const { NOT_UNDER_WAY } = require('../tasks/table.js');

const FAILURES_PER_TURN = 256;

/**
 * @typedef {import('../tasks/task.js').Task} Task
 * @typedef {import('../tasks/table.js').MakeError} MakeError
 *
 * @typedef {object} Batch  tasks that were cancelled together
 * @property {Task[]} tasks
 * @property {Uint32Array} ids  of the tasks, when they were cancelled
 * @property {Int32Array} answers  of native.cancel(), for each task
 * @property {MakeError} makeError
 * @property {boolean} lost  whether the results of settled tasks were lost
 * @property {number} noted  how many tasks are done
 * @property {number} stopped  how many answers are done
 */

class Failures {
  #native;
  #tasks;
  #outbox;
  #settlement;
  #abort;
  #told;
  /** @type {Batch[]} */
  #batches = [];
  #scheduled = false; // #tellFailed(), in the next tick or turn

  /**
   * @param {object} parts
   * @param {import('../../package/addon.js').NativePool} parts.native  the addon's NativePool
   * @param {import('../tasks/table.js').TaskTable} parts.tasks
   * @param {import('../tasks/outbox.js').Outbox} parts.outbox
   * @param {import('./settlement.js').Settlement} parts.settlement
   * @param {(workerId: number, id: number, makeError: MakeError) => void} parts.abort  aborts the
   *   task of this id, which the worker runs
   * @param {() => void} parts.told  called when some were told
   */
  constructor({ native, tasks, outbox, settlement, abort, told }) {
    this.#native = native;
    this.#tasks = tasks;
    this.#outbox = outbox;
    this.#settlement = settlement;
    this.#abort = abort;
    this.#told = told;
  }

  /**
   * The task is not let in.
   *
   * @param {Task} task
   * @param {unknown} error
   */
  refuse(task, error) {
    this.#schedule();
    this.#tasks.refuse(task, () => error);
  }

  /**
   * Rust has settled the task without a result, or does not know of it.
   *
   * @param {Task} task
   * @param {MakeError} makeError
   */
  fail(task, makeError) {
    this.#schedule();
    this.#tasks.fail(task, makeError);
  }

  /**
   * Tells a task at once that has failed, and returns whether there is one: the thread that would
   * be told waits.
   *
   * @param {(task: Task) => boolean} isIt
   */
  tellNow(isIt) {
    this.#complete();
    const failed = this.#tasks.findFailed(isIt);
    if (failed === undefined) return false;
    this.#settlement.tellError(failed.task, failed.makeError());
    this.#tasks.dropFailed(failed);
    return true;
  }

  /**
   * Cancels those of the tasks that are under way, whether they wait or run. If the result of one
   * is on the way, the task gets it.
   *
   * @param {Task[]} tasks
   * @param {MakeError} makeError
   */
  cancel(tasks, makeError) {
    this.#cancel('cancel', tasks, makeError, false);
  }

  /**
   * Cancels those of the tasks, or of all, that wait for a thread. Returns how many did.
   *
   * @param {MakeError} makeError
   * @param {Task[]} [tasks]
   */
  cancelWaiting(makeError, tasks = this.#tasks.underWay()) {
    const answers = this.#cancel('cancelWaiting', tasks, makeError, false);
    return answers.filter((answer) => answer === LEFT_QUEUE).length;
  }

  /**
   * Cancels all tasks: what the threads have sent cannot be read.
   *
   * @param {unknown} cause
   */
  abandon(cause) {
    this.#cancel('cancel', this.#tasks.underWay(), () => unreadable(cause), true);
  }

  // What is noted afterwards is told, too, and needs no call for that.
  #schedule() {
    if (this.#scheduled) return;
    nextTick(this.#tellFailed);
    this.#scheduled = true;
  }

  /**
   * @param {'cancel' | 'cancelWaiting'} method
   * @param {Task[]} list
   * @param {MakeError} makeError
   * @param {boolean} lost
   */
  #cancel(method, list, makeError, lost) {
    this.#outbox.flush();
    const tasks = this.#underWay(list);
    const ids = Uint32Array.from(tasks, ({ id }) => id);
    this.#schedule();
    const answers = this.#native[method](ids);
    this.#batches[this.#batches.length] = {
      tasks,
      ids,
      answers,
      makeError,
      lost,
      noted: 0,
      stopped: 0,
    };
    this.#complete();
    return answers;
  }

  /**
   * Some may be settled already: if what settled them was broken off, or by `flush()`. Others have
   * another object around them (observed-task.js).
   *
   * @param {Task[]} tasks
   */
  #underWay(tasks) {
    const list = [];
    for (let i = 0; i < tasks.length; i++) {
      const { id } = tasks[i];
      const task = id === NOT_UNDER_WAY ? undefined : this.#tasks.get(id);
      if (task !== undefined) list[list.length] = task;
    }
    return list;
  }

  // Goes on where it was broken off.
  #complete() {
    while (this.#batches.length > 0) {
      const batch = this.#batches[0];
      const { tasks, answers, makeError, lost } = batch;
      for (; batch.noted < tasks.length; batch.noted++) {
        const settled = answers[batch.noted] === SETTLED;
        // If the result of one that is settled was lost, something may still come for its id.
        if (!settled || lost) this.#tasks.fail(tasks[batch.noted], makeError, !settled);
      }
      for (; batch.stopped < tasks.length; batch.stopped++) this.#stop(batch, batch.stopped);
      if (this.#batches[0] === batch) this.#batches.shift();
    }
  }

  /**
   * Aborts the task at this place, if a worker runs it: once, though a getter of the reason may
   * cancel tasks.
   *
   * @param {Batch} batch
   * @param {number} place
   */
  #stop({ ids, answers, makeError }, place) {
    const answer = answers[place];
    if (answer < 0) return;
    answers[place] = SETTLED;
    try {
      this.#abort(answer, ids[place], makeError);
    } catch (error) {
      answers[place] = answer;
      throw error;
    }
  }

  // An exception of a callback interrupts it: the others are told in the next tick.
  #tellFailed = () => {
    this.#complete();
    let due = Math.min(this.#tasks.failedCount, FAILURES_PER_TURN);
    let interrupted = true;
    try {
      for (; due > 0 && this.#tasks.failedCount > 0; due--) {
        const { task, makeError } = this.#tasks.nextFailed();
        this.#settlement.complete(task, false, makeError()); // tellNow() may have been broken off
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

module.exports = { Failures };
