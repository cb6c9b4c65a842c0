'use strict';

// The AbortSignals that tasks wait for. One listener per signal, however many tasks share it:
// adding a listener takes time in proportion to those that are there.

const { SafeMap, SafeSet } = require('./safe-map.js');

/** @typedef {import('./tasks.js').Task} Task */

class AbortSignals {
  #watched = new SafeMap();
  #abort;

  /**
   * @param {(tasks: Task[], reason: unknown) => void} abort  called with all tasks of a signal.
   *   Some may be settled already, if what settled them was broken off
   */
  constructor(abort) {
    this.#abort = abort;
  }

  /** Has the task aborted with the signal, until `unwatch()`. */
  watch(signal, task) {
    let watched = this.#watched.get(signal);
    if (watched === undefined) {
      watched = { signal, tasks: new SafeSet(), listener: () => this.#aborted(watched) };
      signal.addEventListener('abort', watched.listener);
      this.#watched.set(signal, watched);
    }
    watched.tasks.add(task);
    task.watched = watched;
  }

  /** The task waits for its signal no longer, if it has one. */
  unwatch(task) {
    const { watched } = task;
    if (watched === undefined) return;
    task.watched = undefined;
    if (watched.tasks.delete(task) && watched.tasks.size === 0) this.#forget(watched);
  }

  #aborted(watched) {
    if (!watched.signal.aborted) return; // anybody can dispatch the event
    this.#forget(watched);
    const tasks = [];
    watched.tasks.forEach((task) => {
      task.watched = undefined;
      tasks[tasks.length] = task;
    });
    watched.tasks = new SafeSet();
    this.#abort(tasks, watched.signal.reason);
  }

  #forget({ signal, listener }) {
    this.#watched.delete(signal);
    try {
      signal.removeEventListener('abort', listener);
    } catch { /* the signal is the user's; a listener that stays does nothing */ }
  }
}

module.exports = { AbortSignals };
