'use strict';

// What a WorkerPool needs until its threads have started, and for the options of a task.

const { requireFiles } = require('../package/required-addon.js');
const { closeOptions, poolOptions } = require('./options.js');
const { taskOptions } = require('./tasks/options.js');
const { WorkerSource } = require('./threads/worker-source.js');

module.exports = { WorkerSource, closeOptions, poolOptions, requireFiles, taskOptions };
