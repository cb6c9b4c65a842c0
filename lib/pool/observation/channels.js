'use strict';

// The channels of node:diagnostics_channel on which pools tell what they do. As long as nobody
// subscribes, nothing is made for them.

const { channel } = require('node:diagnostics_channel');

const PREFIX = 'async-hooks-rs:pool';

const tasks = Object.freeze({
  submit: channel(`${PREFIX}:submit`),
  start: channel(`${PREFIX}:start`),
  end: channel(`${PREFIX}:end`),
  error: channel(`${PREFIX}:error`),
});

const threads = Object.freeze({
  start: channel(`${PREFIX}:thread:start`),
  ready: channel(`${PREFIX}:thread:ready`),
  leave: channel(`${PREFIX}:thread:leave`),
  stop: channel(`${PREFIX}:thread:stop`),
  exit: channel(`${PREFIX}:thread:exit`),
});

// Each for itself: V8 knows the answer of a channel without subscribers by the hidden class.
const { submit, start, end, error } = tasks;

/** Whether anybody wants to hear of the tasks that are submitted now. */
const areTasksObserved = () =>
  submit.hasSubscribers || start.hasSubscribers || end.hasSubscribers || error.hasSubscribers;

module.exports = { areTasksObserved, tasks, threads };
