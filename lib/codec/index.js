'use strict';

// The codec of the pool: values of JavaScript to bytes and back. README.md describes the format.
//
// What travels is what structuredClone() copies, and errors keep what it drops: their class, `code`
// and all own properties. Where the codec is not certain, it says NOT_PLAIN, and the value takes
// the way through a MessagePort. It is more lenient in one point: a Proxy of a plain object or
// array, `arguments` and process.env are read like plain objects.

const { createRegion, createKeptRegion, regionOf } = require('./region.js');
const {
  encode,
  encodeError,
  encodeSelfContained,
  encodeErrorSelfContained,
  attachments,
} = require('./encode.js');
const { decode } = require('./decode.js');
const { useShapes } = require('./shapes.js');
const { NO_ROOM, NOT_PLAIN } = require('./refusals.js');

module.exports = {
  NO_ROOM,
  NOT_PLAIN,
  createRegion,
  createKeptRegion,
  regionOf,
  encode,
  encodeError,
  encodeSelfContained,
  encodeErrorSelfContained,
  attachments,
  decode,
  useShapes,
};
