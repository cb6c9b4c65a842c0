'use strict';

// The two ways by which binary data gets to its receiver (src/binding/backing_store/).

/**
 * Whether blocks of the pool can be the memory of an ArrayBuffer here: where Node is built with
 * libstdc++, and the calling convention is proven (build.rs).
 */
const takesBlocks = process.platform === 'linux' && ['x64', 'arm64'].includes(process.arch);

/** Options of a program in which they cannot: every ArrayBuffer has a copy. */
const withCopies = {
  args: ['--require', require.resolve('../fixtures/forged-v8.js')],
  env: { FORGED_V8: '99.1' },
};

module.exports = { takesBlocks, withCopies };
