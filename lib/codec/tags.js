'use strict';

// The numbers of the format that README.md describes.

/** Tag bytes. From SMALL_INT on, the tag is the integer itself. */
const tags = Object.freeze({
  UNDEFINED: 0x00,
  NULL: 0x01,
  FALSE: 0x02,
  TRUE: 0x03,
  INT32: 0x04,
  FLOAT64: 0x05,
  SHORT_LATIN1: 0x06,
  LATIN1: 0x07,
  UTF16: 0x08,
  ARRAY: 0x09,
  HOLEY_ARRAY: 0x0a,
  HOLES: 0x0b,
  SHAPED: 0x0c,
  KEYED: 0x0d,
  BIGINT64: 0x0e,
  BIGINT: 0x0f,
  DATE: 0x10,
  REGEXP: 0x11,
  MAP: 0x12,
  SET: 0x13,
  BOXED: 0x14,
  BYTES: 0x15,
  ATTACHED: 0x16,
  ERROR: 0x17,
  NUMBERED: 0x18,
  REFERENCE: 0x19,
  SMALL_INT: 0x80,
});

/** Which parts an Error record has. */
const parts = Object.freeze({
  NAME: 0x01,
  MESSAGE: 0x02,
  STACK: 0x04,
  CAUSE: 0x08,
  ERRORS: 0x10,
  PROPERTIES: 0x20,
  ERROR: 0x40,
  SUPPRESSED: 0x80,
});

/** What encoding gives instead of a position. */
const NO_ROOM = -1;
const NOT_PLAIN = -2;

/** Deeper nesting is left to the MessagePort: recursion must not overflow the stack here. */
const MAX_DEPTH = 500;

/** The classes of errors that are not made as the others are. */
const AGGREGATE_ERROR = 7;
const DOM_EXCEPTION = 8;
const QUOTA_ERROR = 10;

module.exports = {
  tags, parts, NO_ROOM, NOT_PLAIN, MAX_DEPTH, AGGREGATE_ERROR, DOM_EXCEPTION, QUOTA_ERROR,
};
