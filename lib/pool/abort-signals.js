'use strict';

// The AbortSignals that tasks wait for. One listener per signal, however many tasks share it:
// adding a listener takes time in proportion to those that are there.

class AbortSignals {
  #entries = new Map();
  #abort;

  /** @param {(id: number, reason: unknown) => void} abort  called for each task of a signal */
  constructor(abort) {
    this.#abort = abort;
  }

  /** Has the task aborted with the signal. Returns what `remove` takes. */
  add(signal, id) {
    let entry = this.#entries.get(signal);
    if (entry === undefined) {
      entry = { signal, ids: new Set(), listener: () => this.#aborted(entry) };
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
    this.#forget(entry);
    const ids = [...entry.ids];
    entry.ids.clear();
    for (const id of ids) this.#abort(id, entry.signal.reason);
  }

  #forget({ signal, listener }) {
    this.#entries.delete(signal);
    signal.removeEventListener('abort', listener);
  }
}

module.exports = { AbortSignals };
