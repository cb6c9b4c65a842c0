'use strict';

// The AbortSignals that tasks wait for. One listener per signal, however many tasks share it:
// adding a listener takes time in proportion to those that are there.

const { aborted } = require('../../errors/pool.js');
const { SafeMap, SafeSet } = require('../../node/safe-map.js');

/**
 * A signal that tasks wait for.
 *
 * @typedef {{ signal: AbortSignal, tasks: Set<Task>, listener: () => void }} Watched
 */

/** @typedef {import('./task.js').Task} Task */

class AbortSignals {
  /** @type {Map<AbortSignal, Watched>} */
  #watched = new SafeMap();
  #abort;

  /**
   * @param {(tasks: Task[], reason: unknown) => void} abort  called with all tasks of a signal.
   *   Some may be settled already, if what settled them was broken off
   */
  constructor(abort) {
    this.#abort = abort;
  }

  /**
   * Has the task aborted with the signal, until `unwatch()`.
   *
   * @param {AbortSignal} signal
   * @param {Task} task
   */
  watch(signal, task) {
    let watched = this.#watched.get(signal);
    if (watched === undefined) {
      /** @type {Watched} */
      const added = { signal, tasks: new SafeSet(), listener: () => this.#aborted(added) };
      watched = added;
      signal.addEventListener('abort', watched.listener);
      this.#watched.set(signal, watched);
    }
    watched.tasks.add(task);
    task.watched = watched;
  }

  /**
   * The task waits for its signal no longer, if it has one.
   *
   * @param {Task} task
   */
  unwatch(task) {
    const { watched } = task;
    if (watched === undefined) return;
    task.watched = undefined;
    if (watched.tasks.delete(task) && watched.tasks.size === 0) this.#forget(watched);
  }

  /** @param {Watched} watched */
  #aborted(watched) {
    if (!watched.signal.aborted) return; // anybody can dispatch the event
    this.#forget(watched);
    /** @type {Task[]} */
    const tasks = [];
    watched.tasks.forEach((task) => {
      task.watched = undefined;
      tasks[tasks.length] = task;
    });
    watched.tasks = new SafeSet();
    this.#abort(tasks, reasonOf(watched.signal));
  }

  /** @param {Watched} watched */
  #forget({ signal, listener }) {
    this.#watched.delete(signal);
    try {
      signal.removeEventListener('abort', listener);
    } catch {
      /* the signal is the user's; a listener that stays does nothing */
    }
  }
}

/**
 * What a task fails with because its signal is aborted. The signal may be of any class: it is asked
 * once, and what it throws is what the task fails with.
 *
 * @param {AbortSignal} signal
 */
function abortOf(signal) {
  try {
    return signal.aborted ? aborted(reasonOf(signal)) : undefined;
  } catch (error) {
    return error;
  }
}

/** @param {AbortSignal} signal */
function reasonOf(signal) {
  try {
    return signal.reason;
  } catch (error) {
    return error;
  }
}

module.exports = { AbortSignals, abortOf };
