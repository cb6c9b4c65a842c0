'use strict';

// Whether the queue of a pool with `maxQueue` is full, for the events that tell of it:
//
//   room --entered()--> full, 'queueFull'
//        <---left()---- 'queueDrain'
//
// It is full as long as tasks wait, so that a producer that pauses meanwhile does not hear of each
// single place that becomes free.

const phases = Object.freeze({
  ROOM: 'room', // the queue takes tasks
  FULL: 'full', // it has taken the last one for which there was room, and others wait since
});

class QueueLevel {
  #most;
  #least;
  #emit;
  /** @type {string} */
  #phase = phases.ROOM;

  /**
   * @param {{ maxRunning: number, maxQueue: number }} settings
   * @param {(event: string) => void} emit  called for an event, which runs code of others later
   */
  constructor({ maxRunning, maxQueue }, emit) {
    this.#most = maxRunning + maxQueue;
    this.#least = Math.min(maxRunning, this.#most - 1);
    this.#emit = emit;
  }

  /** @param {number} outstanding  tasks, with the one that is about to enter */
  entered(outstanding) {
    if (outstanding < this.#most || this.#phase === phases.FULL) return;
    this.#emit('queueFull');
    this.#phase = phases.FULL;
  }

  /** @param {number} outstanding  tasks, without the one that has left */
  left(outstanding) {
    if (this.#phase === phases.ROOM || outstanding > this.#least) return;
    this.#emit('queueDrain');
    this.#phase = phases.ROOM;
  }
}

module.exports = { QueueLevel };
