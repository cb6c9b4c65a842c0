'use strict';

// What a Worker gets that would get no preload otherwise. It takes its own argument out of sight:
// the program shall find those it gave, and may hand them on to others.

const { ARGUMENTS } = require('./workers.js');

const at = process.execArgv.indexOf(ARGUMENTS[1]);
if (at > 0) process.execArgv.splice(at - 1, ARGUMENTS.length);

require('./index.js').register();
