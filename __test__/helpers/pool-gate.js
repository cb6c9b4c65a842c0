'use strict';

// Tasks that hold their worker until the test lets them go: fixtures/pool/gate.js takes them.

const { fixture, until } = require('./with-pool.js');

const STARTED = 0;
const LEVEL = 1;

/** The processor file of the tasks; it describes their form. */
const gateFile = fixture('gate.js');

/**
 * State that a test shares with the workers of its pool; `workerData` is for the options of the
 * pool.
 */
class Gate {
  #cells = new Int32Array(new SharedArrayBuffer(8));
  workerData = { gate: this.#cells };

  /** The number of started tasks, including those that never ended. */
  get started() {
    return Atomics.load(this.#cells, STARTED);
  }

  /** Waits until that many tasks have started. */
  async reached(count) {
    await until(() => this.started >= count);
  }

  /** Lets the tasks end whose `hold` is at most `level`, now and later. */
  open(level = 1) {
    Atomics.store(this.#cells, LEVEL, level);
    Atomics.notify(this.#cells, LEVEL);
  }
}

module.exports = { Gate, gateFile };
