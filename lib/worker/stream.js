'use strict';

// A task that is a stream of values: what the processor returns is iterated, as far as the consumer
// wants. Loaded by threads that run one.

const { notIterable } = require('../errors/processor.js');

const phases = Object.freeze({
  WANTED: 'wanted', // the consumer takes values
  STOPPED: 'stopped', // it wants no more
});

class Stream {
  #credits;
  #give;
  /** @type {string} */
  #phase = phases.WANTED;
  /** @type {() => void}  ends `#mayGo()` */
  #wake = () => {};

  /**
   * @param {number} number  by which the pool names it
   * @param {number} credits  how many values it may give, without further ones
   * @param {(value: unknown) => void} give
   */
  constructor(number, credits, give) {
    this.number = number;
    this.#credits = credits;
    this.#give = give;
  }

  /**
   * The consumer has taken so many values.
   *
   * @param {number} credits
   */
  grant(credits) {
    this.#credits += credits;
    this.#wake();
  }

  /** The consumer wants no more values. */
  stop() {
    this.#phase = phases.STOPPED;
    this.#wake();
  }

  /**
   * Gives the values, and returns what the iterable returns at its end.
   *
   * @param {() => Promise<unknown>} run  the processor
   * @param {string} name  of the export
   */
  async pump(run, name) {
    this.#give(undefined); // the first one says that the task runs, and where
    const returned = await run();
    const { iterator, isAsync } = iteratorOf(returned, name);
    for (;;) {
      if (!(await this.#mayGo())) {
        await iterator.return?.();
        return undefined;
      }
      const step = await iterator.next();
      if (step.done) return step.value;
      const value = isAsync ? step.value : await step.value;
      if (this.#phase === phases.WANTED) await this.#pass(value, iterator);
    }
  }

  /** Whether the consumer wants a further value. Waits until that is known. */
  async #mayGo() {
    while (this.#credits === 0 && this.#phase === phases.WANTED) {
      await new Promise((/** @type {(value?: any) => void} */ resolve) => {
        this.#wake = resolve;
      });
    }
    return this.#phase === phases.WANTED;
  }

  /**
   * @param {unknown} value
   * @param {any} iterator  closed if the value cannot be sent
   */
  async #pass(value, iterator) {
    try {
      this.#give(value);
      this.#credits--;
    } catch (error) {
      try {
        await iterator.return?.();
      } catch {
        /* the error that closes it is the one that counts */
      }
      throw error;
    }
  }
}

/**
 * @param {any} iterable
 * @param {string} name
 * @returns {{ iterator: any, isAsync: boolean }}
 */
function iteratorOf(iterable, name) {
  if (Object(iterable) === iterable) {
    const isAsync = typeof iterable[Symbol.asyncIterator] === 'function';
    if (isAsync) return { iterator: iterable[Symbol.asyncIterator](), isAsync };
    if (typeof iterable[Symbol.iterator] === 'function') {
      return { iterator: iterable[Symbol.iterator](), isAsync };
    }
  }
  throw notIterable(name, iterable);
}

module.exports = { Stream };
