'use strict';

// What a WorkerPool is made of, but for what it needs before its threads start.

const { Dispatcher } = require('./dispatcher.js');
const { NativeThreads } = require('./native-threads.js');
const { requireAddon } = require('../package/required-addon.js');
const { PromisedTask, WorkerPoolTaskInfo } = require('./tasks.js');
const { callable, taskOptions } = require('./options.js');

module.exports = {
  Dispatcher,
  NativeThreads,
  PromisedTask,
  WorkerPoolTaskInfo,
  requireAddon,
  callable,
  taskOptions,
};
