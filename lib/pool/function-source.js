'use strict';

// A processor that is given as a function: its text, which the threads make a function of again.

const vm = require('node:vm');
const { noSource } = require('../errors/processor.js');

const { apply } = Reflect;
const { toString } = Function.prototype;

const NATIVE = /\{\s*\[native code\]\s*\}$/;
const CLASS = /^class\b/;
const ACCESSOR = /^[gs]et(?:\s+[^\s(=]|\s*[["'])/;

// A function, an arrow function; a method, which is a part of an object.
const FORMS = [
  (/** @type {string} */ text) => `(${text})`,
  (/** @type {string} */ text) => `Object.values({ ${text} })[0]`,
];

/**
 * An expression whose value is such a function.
 *
 * @param {Function} fn
 */
function functionSource(fn) {
  const text = apply(toString, fn, []);
  if (NATIVE.test(text)) throw noSource(fn, 'it is native or bound, and has no text');
  if (CLASS.test(text)) throw noSource(fn, 'it is a class');
  if (ACCESSOR.test(text)) throw noSource(fn, 'it is an accessor');
  const expression = FORMS.map((form) => form(text)).find(compiles);
  if (expression === undefined) throw noSource(fn, 'its text is no function by itself');
  return expression;
}

/** @param {string} expression */
function compiles(expression) {
  try {
    new vm.Script(expression);
    return true;
  } catch {
    return false;
  }
}

module.exports = { functionSource };
