'use strict';

// What a WorkerPool is made of.

const { Dispatcher } = require('./dispatcher.js');
const { NativeThreads } = require('./native-threads.js');
const { native } = require('../codec/native.js');
const { PromisedTask, WorkerPoolTaskInfo } = require('./tasks.js');
const { callable, poolOptions, taskOptions } = require('./options.js');

module.exports = {
  Dispatcher,
  NativeThreads,
  PromisedTask,
  WorkerPoolTaskInfo,
  native,
  callable,
  poolOptions,
  taskOptions,
};
