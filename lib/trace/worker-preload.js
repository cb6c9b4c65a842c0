'use strict';

// The preload of a Worker that would get none otherwise.

const { withoutPreload } = require('../register/workers.js');
const { preload } = require('./index.js');
const { PRELOAD } = require('./workers.js');

withoutPreload(PRELOAD);
preload();
