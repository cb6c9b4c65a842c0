'use strict';

// The error that a call throws, as it is, or in a form that can be compared as a whole: an
// unexpected `code` is a failure like a missing one.

const assert = require('node:assert/strict');
const { runtime } = require('./runtimes.js');

/** The error itself. */
function errorOf(fn) {
  try {
    fn();
  } catch (error) {
    return error;
  }
  return assert.fail('an error was expected');
}

/** @returns {{ name: string, code: string | undefined, message: string }} */
function thrown(fn) {
  const error = errorOf(fn);
  assert.ok(error instanceof Error, 'an error was expected');
  assert.ok(error instanceof globalThis[error.name], 'the class is not what the name says');
  return described(error.name, error.code, error.message);
}

// Errors of the language itself have no code. Bun's engine words them differently from V8, so there
// only the class is compared.
function described(name, code, message) {
  const worded = code !== undefined || runtime !== 'bun';
  return { name, code, message: worded ? message : 'in the words of JavaScriptCore' };
}

const typeError = (message, code) => described('TypeError', code, message);
const rangeError = (message, code) => described('RangeError', code, message);

module.exports = { errorOf, thrown, typeError, rangeError };
