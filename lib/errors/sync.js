'use strict';

// The failures of `runSync()` that other tasks do not have. The codes are those of pool.js.

const { withoutStack } = require('./coded.js');
const { codes } = require('./pool.js');

/** The thread would wait for a task that waits for it. */
function deadlock() {
  return withoutStack(
    Error,
    codes.DEADLOCK,
    'runSync() would not end: the threads that may run the task run streams, which wait for ' +
      'their consumers in this thread',
  );
}

/** A worker has not come to its program while this thread waits. */
function notBegun() {
  return withoutStack(
    Error,
    codes.WORKER_START,
    'no worker has begun, though runSync() waits for one: what it loads first may have failed, ' +
      'or needs the event loop of this thread',
  );
}

module.exports = { deadlock, notBegun };
