'use strict';

// What a WorkerPool needs until its threads have started.

const { requireFiles } = require('../package/required-addon.js');
const { poolOptions } = require('./options.js');
const { WorkerSource } = require('./worker-source.js');

module.exports = { WorkerSource, poolOptions, requireFiles };
