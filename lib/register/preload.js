'use strict';

// The preload of a Worker that would get none otherwise.

const { REGISTER, withoutPreload } = require('./workers.js');

withoutPreload(REGISTER);
require('./index.js').register();
