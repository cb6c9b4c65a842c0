'use strict';

// What is wrong with the use of a native processor. The failures of its tasks are made in Rust
// (src/native/, and the crate async-hooks-rs-processor). The errors have no stack yet.

const { describe, withoutStack } = require('./coded.js');
const { codes } = require('./pool.js');

/** A task that has to go through a port, for a thread that has none. */
function notForNative() {
  return withoutStack(
    TypeError,
    codes.NATIVE_TASK,
    'A native processor takes plain values, and ArrayBuffers in the transfer list. Received ' +
      'shared memory, a resizable ArrayBuffer, several views of one, or another object to transfer',
  );
}

/**
 * There is no native processor of this name.
 *
 * @param {unknown} name
 * @param {string[]} known
 */
function nativeUnknown(name, known) {
  return withoutStack(
    RangeError,
    codes.NATIVE_UNKNOWN,
    `The property "processor.native" must be one of ${known.join(', ')}. ` +
      `Received ${describe(name)}`,
  );
}

/** The addon is none with processors, or not the exports of one. */
function noProcessors() {
  return withoutStack(
    TypeError,
    codes.NATIVE_ADDON,
    'The property "processor.addon" must be the exports of an addon with processors, as those ' +
      'of the crate async-hooks-rs-processor. Received other exports',
  );
}

/**
 * The addon was built for another version of what both have to agree on.
 *
 * @param {string} version
 * @param {string} expected
 */
function nativeVersion(version, expected) {
  return withoutStack(
    Error,
    codes.NATIVE_VERSION,
    `The processors of the addon are for version ${version} of the ABI of ` +
      `async-hooks-rs-processor. This async-hooks-rs has version ${expected}`,
  );
}

module.exports = { nativeUnknown, nativeVersion, noProcessors, notForNative };
