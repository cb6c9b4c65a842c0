'use strict';

// The public functions: they check nothing themselves. What is wrong gets the stack of their call.

const contexts = require('./contexts/index.js');
const carrying = require('./contexts/carry/index.js');
const { captureStack } = require('./errors/coded.js');
const { invalidArgType } = require('./errors/contexts.js');

/**
 * @param {unknown} name
 * @param {unknown} [options]
 */
function storageFor(name, options) {
  try {
    return contexts.storageFor(name, options);
  } catch (error) {
    throw captureStack(error, storageFor);
  }
}

/** @param {unknown} carrier */
function defineCarrier(carrier) {
  try {
    return contexts.defineCarrier(carrier);
  } catch (error) {
    throw captureStack(error, defineCarrier);
  }
}

/** What carry() returns. */
class Carried {
  #end;

  /** @param {ReturnType<typeof carrying.carry>} end */
  constructor(end) {
    this.#end = end;
  }

  /**
   * @param {(...args: any[]) => unknown} fn
   * @param {...unknown} args
   */
  run(fn, ...args) {
    try {
      if (typeof fn !== 'function') throw invalidArgType('fn', 'of type function', fn);
      return this.#end.run(() => fn(...args));
    } catch (error) {
      throw captureStack(error, this.run);
    }
  }

  receive() {
    const received = this.#end.receive();
    if (received === undefined) return undefined;
    const { message, run } = received;
    return {
      message,
      /**
       * @param {(...args: any[]) => unknown} fn
       * @param {...unknown} args
       */
      run: (fn, ...args) => run(() => fn(...args)),
    };
  }
}

/**
 * @param {unknown} port
 * @param {unknown} [options]
 */
function carry(port, options) {
  try {
    return new Carried(carrying.carry(port, options));
  } catch (error) {
    throw captureStack(error, carry);
  }
}

module.exports = { storageFor, defineCarrier, carry };
