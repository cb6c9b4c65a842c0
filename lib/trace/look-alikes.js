'use strict';

// Functions with the name and the length of another one. To define both takes 3 us for each
// function. A function that is compiled with them costs a tenth: so each pair is compiled once.

const { runInThisContext } = require('node:vm');

/**
 * @typedef {(this: unknown, ...args: any[]) => unknown} Fn
 * @typedef {(own: any, self: unknown, args: IArguments) => unknown} Called
 * @typedef {(called: Called, own: unknown) => Fn} Maker
 */

// More parameters, or more pairs, are not usual.
const MOST_PARAMETERS = 16;
const MOST_PAIRS = 1000;

/** @type {Map<string, Maker>} */
const makers = new Map();

/**
 * @param {string} name
 * @param {number} length
 */
function makerOf(name, length) {
  const pair = `${length} ${name}`;
  let maker = makers.get(pair);
  if (maker === undefined) {
    const key = JSON.stringify(name);
    const parameters = Array.from({ length }, (_, i) => `_${i}`).join();
    // A method, because what is bound or listens need be no constructor.
    const method = `${key}(${parameters}) { return called(own, this, arguments); }`;
    // In a frame of it, this file stands: it is one of ours.
    const source = `'use strict'; (called, own) => ({ ${method} })[${key}]`;
    const options = /** @type {object} */ ({ __proto__: null, filename: __filename });
    maker = runInThisContext(source, options);
    if (makers.size === MOST_PAIRS) makers.clear();
    makers.set(pair, /** @type {Maker} */ (maker));
  }
  return /** @type {Maker} */ (maker);
}

/**
 * A function that looks like another one.
 *
 * @param {Function} fn
 * @param {Called} called  what it does
 * @param {unknown} own  is passed to it first
 * @returns {Fn}
 */
function lookAlike({ name, length }, called, own) {
  const isUsual =
    typeof name === 'string' &&
    Number.isInteger(length) &&
    length >= 0 &&
    length <= MOST_PARAMETERS;
  if (isUsual) return makerOf(name, length)(called, own);
  const { unusual } = {
    /** @this {unknown} */
    unusual() {
      return called(own, this, arguments);
    },
  };
  return Object.defineProperties(unusual, {
    name: { __proto__: null, value: name, configurable: true },
    length: { __proto__: null, value: length, configurable: true },
  });
}

module.exports = { lookAlike };
