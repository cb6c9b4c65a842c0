'use strict';

// Errors by themselves, for messages beside the tasks.

const { createRegion, decode, encodeErrorSelfContained, attachments, regionOf } =
  require('./index.js');

// More than errors have.
const LARGEST = 64 * 1024;

/** @type {ReturnType<typeof createRegion> | undefined} */
let region;

/**
 * `undefined` for an error that is too large.
 *
 * @param {unknown} error
 */
function bytesOfError(error) {
  // A getter of another error may have called this.
  if (region === undefined || region.writing) region = createRegion(LARGEST);
  const { bytes } = region;
  const last = encodeErrorSelfContained(region, 0, error);
  return last < 0 || attachments() !== undefined ? undefined : bytes.slice(0, last);
}

/** @param {Uint8Array<ArrayBuffer> | undefined} bytes  `undefined` for an error without any */
function errorOfBytes(bytes) {
  return bytes === undefined ? undefined : decode(regionOf(bytes.buffer), 0, undefined);
}

module.exports = { bytesOfError, errorOfBytes };
