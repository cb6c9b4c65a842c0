'use strict';

// `pool.call`: the exports of the processor as functions of the thread that has the pool.

const { captureStack } = require('../errors/coded.js');
const { callOptions } = require('./tasks/options.js');
const { PromisedTask } = require('./tasks/task.js');

/** @typedef {InstanceType<typeof import('./dispatcher.js').Dispatcher>} Dispatcher */

/**
 * Which exports there are is known to the threads only, so there is a function of every name. But
 * one: what has a `then` is taken for a promise.
 *
 * @param {Dispatcher} dispatcher
 * @param {boolean} isNative  the processor of the pool is a native one
 */
function callsOf(dispatcher, isNative) {
  return new Proxy(Object.freeze({ __proto__: null }), {
    __proto__: null, // what a program adds to Object.prototype is no trap
    /**
     * @param {object} _
     * @param {string | symbol} name
     */
    get(_, name) {
      if (typeof name === 'symbol' || name === 'then') return undefined;
      return caller(dispatcher, name, isNative);
    },
  });
}

/**
 * @param {Dispatcher} dispatcher
 * @param {string} name
 * @param {boolean} isNative
 */
function caller(dispatcher, name, isNative) {
  /** @type {import('./tasks/options.js').TaskOptions | undefined} */
  let options;
  return function call(/** @type {unknown[]} */ ...args) {
    const promised = new PromisedTask();
    if (promised.fail === undefined) return promised.promise;
    try {
      options ??= callOptions(name, isNative);
      dispatcher.dispatch(args, promised, options, call);
    } catch (error) {
      promised.fail(captureStack(error, call));
    }
    return promised.promise;
  };
}

module.exports = { callsOf };
