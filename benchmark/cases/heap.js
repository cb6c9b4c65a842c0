'use strict';

// The memory that a scope keeps on the heap while an operation in it is pending.

const path = require('node:path');

function heap(stores) {
  return {
    name: `heap-${stores}`,
    title: `heap of a pending promise's scope, ${stores === 1 ? 'one store' : `${stores} stores`}`,
    kind: 'script',
    contenders: ['none', 'builtin', 'ours'],
    quotients: [['builtin', 'ours']],
    above: 'none', // the promise itself
    units: { bytes: 'bytes' },
    rounds: () => 3, // repeats within a byte
    command: (contender) => [
      '--expose-gc',
      path.join(__dirname, '../heap.js'),
      contender,
      `${stores}`,
    ],
  };
}

module.exports = [heap(1), heap(10)];
