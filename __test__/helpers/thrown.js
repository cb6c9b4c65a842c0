'use strict';

// What a call throws, in a form that can be compared as a whole: an unexpected `code` is a failure
// just as a missing one.

const assert = require('node:assert/strict');

/** @returns {{ name: string, code: string | undefined, message: string }} */
function thrown(fn) {
  let error;
  try {
    fn();
  } catch (caught) {
    error = caught;
  }
  assert.ok(error instanceof Error, 'an error was expected');
  assert.ok(error instanceof globalThis[error.name], 'the class is not what the name says');
  return { name: error.name, code: error.code, message: error.message };
}

const typeError = (message, code) => ({ name: 'TypeError', code, message });
const rangeError = (message, code) => ({ name: 'RangeError', code, message });

module.exports = { thrown, typeError, rangeError };
