'use strict';

// Who waits for everything that was submitted before. Tasks belong to the generation of their
// submission; drain() ends one and waits for it and all older ones. Each task is counted once,
// however many wait.

class Drains {
  // The oldest generation that is not settled, and the youngest, which new tasks belong to.
  #oldest = newGeneration();
  #youngest = this.#oldest;

  /** What `done` takes for a task that is submitted now. Who submits it counts it as missing. */
  get youngest() { return this.#youngest; }

  /** A task was told how it ended. */
  done(generation) {
    generation.missing--;
    while (this.#oldest.missing === 0 && this.#oldest.next !== undefined) {
      this.#oldest.resolve();
      this.#oldest = this.#oldest.next;
    }
  }

  /** Settles when all tasks that were submitted before are told. */
  wait() {
    const generation = this.#youngest;
    if (generation.missing === 0) {
      // Nothing was submitted since the last one ended.
      return generation === this.#oldest ? Promise.resolve() : this.#before(generation).promise;
    }
    generation.next = newGeneration();
    this.#youngest = generation.next;
    return generation.promise;
  }

  #before(generation) {
    let before = this.#oldest;
    while (before.next !== generation) before = before.next;
    return before;
  }
}

function newGeneration() {
  const generation = { missing: 0, next: undefined, promise: undefined, resolve: undefined };
  generation.promise = new Promise((resolve) => { generation.resolve = resolve; });
  return generation;
}

module.exports = { Drains };
