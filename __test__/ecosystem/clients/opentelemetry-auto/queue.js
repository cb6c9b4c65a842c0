'use strict';

module.exports = require('./work.js').workIn('queue');
