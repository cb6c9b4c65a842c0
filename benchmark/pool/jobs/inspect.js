'use strict';

// Bytes in, a number out.

module.exports = (bytes) => bytes.length + bytes[0] + bytes[bytes.length - 1];
