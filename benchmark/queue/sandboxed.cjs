'use strict';

// The same as a sandboxed processor of BullMQ.

module.exports = async ({ data: { a, b } }) => a + b;
