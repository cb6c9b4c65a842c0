'use strict';

// carry(): contexts for the messages of a Worker or a port that is not of a pool.

const { invalidArgType } = require('../../errors/contexts.js');
const { checkContexts } = require('../options.js');
const { isOfPool } = require('../../node/pool-thread.js');
const { End } = require('./end.js');
const { isPort } = require('./hosts/index.js');

// On the port itself: all copies of the package in a thread have one end for it. The number is that
// of the methods that they call: greet(), run() and receive().
const END = Symbol.for('async-hooks-rs.carried.1');

/**
 * The end of the connection, which posts and receives contexts from now on.
 *
 * @param {any} port
 * @param {unknown} [options]
 * @returns {End}
 */
function carry(port, options) {
  if (!isPort(port)) throw invalidArgType('port', 'a Worker or a MessagePort', port);
  if (isOfPool(port)) {
    const expected = 'a port that is not a WorkerPool\'s, which has an option "contexts"';
    throw invalidArgType('port', expected, port);
  }
  const contexts = listOf(options);
  const end = port[END] ?? new End(port);
  Object.defineProperty(port, END, { __proto__: null, value: end });
  end.greet(contexts);
  return end;
}

/** @param {unknown} options */
function listOf(options) {
  if (options === undefined) return undefined;
  if (options === null || typeof options !== 'object') {
    throw invalidArgType('options', 'of type object', options);
  }
  if (!Object.hasOwn(options, 'contexts')) return undefined;
  const { contexts } = /** @type {{ contexts: unknown }} */ (options);
  return contexts === undefined ? undefined : checkContexts('options.contexts', contexts);
}

module.exports = { carry };
