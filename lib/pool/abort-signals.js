'use strict';

// The AbortSignals that tasks wait for. One listener per signal, however many tasks share it:
// adding a listener takes time in proportion to those that are there.

const { SafeMap, SafeSet } = require('./safe-map.js');

class AbortSignals {
  #entries = new SafeMap();
  #abort;

  /**
   * @param {(ids: number[], reason: unknown, entry: object) => void} abort  called with all tasks
   *   of a signal, and with what `add` has returned for them
   */
  constructor(abort) {
    this.#abort = abort;
  }

  /** Has the task aborted with the signal. Returns what `remove` takes. */
  add(signal, id) {
    let entry = this.#entries.get(signal);
    if (entry === undefined) {
      entry = { signal, ids: new SafeSet(), listener: () => this.#aborted(entry) };
      signal.addEventListener('abort', entry.listener);
      this.#entries.set(signal, entry);
    }
    entry.ids.add(id);
    return entry;
  }

  /** The task is settled. */
  remove(entry, id) {
    if (entry.ids.delete(id) && entry.ids.size === 0) this.#forget(entry);
  }

  #aborted(entry) {
    if (!entry.signal.aborted) return; // anybody can dispatch the event
    this.#forget(entry);
    const ids = [];
    entry.ids.forEach((id) => { ids[ids.length] = id; });
    entry.ids = new SafeSet();
    this.#abort(ids, entry.signal.reason, entry);
  }

  #forget({ signal, listener }) {
    this.#entries.delete(signal);
    try {
      signal.removeEventListener('abort', listener);
    } catch { /* the signal is the user's; a listener that stays does nothing */ }
  }
}

module.exports = { AbortSignals };
