'use strict';

// The time of require() in a fresh process, beside that of a file of one line.

const path = require('node:path');

const FEWEST_ROUNDS = 15; // a single load varies widely

module.exports = [
  {
    name: 'require',
    title: 'require() of the package, beside that of an empty file',
    kind: 'script',
    contenders: ['none', 'ours'],
    quotients: [['ours', 'none']],
    units: { time: 'ms', cpu: 'ms' },
    rounds: (rounds) => Math.max(rounds, FEWEST_ROUNDS),
    command: (contender) => [path.join(__dirname, '../load.js'), contender],
  },
];
