'use strict';

// What a WorkerPool is made of.

const { Dispatcher } = require('./dispatcher.js');
const { NativeThreads } = require('./native-threads.js');
const { requireAddon } = require('../package/required-addon.js');
const { PromisedTask, WorkerPoolTaskInfo } = require('./tasks.js');
const { callable, poolOptions, taskOptions } = require('./options.js');

module.exports = {
  Dispatcher,
  NativeThreads,
  PromisedTask,
  WorkerPoolTaskInfo,
  requireAddon,
  callable,
  poolOptions,
  taskOptions,
};
