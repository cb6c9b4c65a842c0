'use strict';

// The numbers of the format of values, which lib/codec/README.md describes. The other half is
// src/wire/tag.rs.

module.exports = Object.freeze({
  // Tag bytes. From SMALL_INT on, the tag is the integer itself.
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
  BIGINT_DIGITS: 0x0f,
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

  // Which parts an Error has, as bits.
  PART_NAME: 0x01,
  PART_MESSAGE: 0x02,
  PART_STACK: 0x04,
  PART_CAUSE: 0x08,
  PART_ERRORS: 0x10,
  PART_PROPERTIES: 0x20,
  PART_ERROR: 0x40,
  PART_SUPPRESSED: 0x80,

  // The classes of errors.
  CLASS_ERROR: 0,
  CLASS_EVAL_ERROR: 1,
  CLASS_RANGE_ERROR: 2,
  CLASS_REFERENCE_ERROR: 3,
  CLASS_SYNTAX_ERROR: 4,
  CLASS_TYPE_ERROR: 5,
  CLASS_URI_ERROR: 6,
  CLASS_AGGREGATE_ERROR: 7,
  CLASS_DOM_EXCEPTION: 8,
  CLASS_SUPPRESSED_ERROR: 9,
  CLASS_QUOTA_EXCEEDED_ERROR: 10,
  CLASS_COMPILE_ERROR: 11,
  CLASS_LINK_ERROR: 12,
  CLASS_RUNTIME_ERROR: 13,
  CLASS_SUSPEND_ERROR: 14,

  // The kinds of binary data.
  KIND_ARRAY_BUFFER: 0,
  KIND_DATA_VIEW: 1,
  KIND_INT8_ARRAY: 2,
  KIND_UINT8_ARRAY: 3,
  KIND_UINT8_CLAMPED_ARRAY: 4,
  KIND_INT16_ARRAY: 5,
  KIND_UINT16_ARRAY: 6,
  KIND_INT32_ARRAY: 7,
  KIND_UINT32_ARRAY: 8,
  KIND_FLOAT32_ARRAY: 9,
  KIND_FLOAT64_ARRAY: 10,
  KIND_BIG_INT64_ARRAY: 11,
  KIND_BIG_UINT64_ARRAY: 12,
  KIND_FLOAT16_ARRAY: 13,

  // How deep values nest at most: recursion must not overflow the stack. The rest is left to the
  // MessagePort.
  MAX_DEPTH: 500,
});
