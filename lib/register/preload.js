'use strict';

// The preload of a Worker that would get none otherwise. It removes its own argument, because the
// program may hand its arguments on, and expects those it gave.

const { ARGUMENTS } = require('./workers.js');

const at = process.execArgv.indexOf(ARGUMENTS[1]);
if (at > 0) process.execArgv.splice(at - 1, ARGUMENTS.length);

require('./index.js').register();
