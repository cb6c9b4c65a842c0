'use strict';

// The failures of `runSync()` that other tasks do not have. The codes are those of pool.js.

const { withoutStack } = require('./coded.js');
const { codes } = require('./pool.js');

const STREAMS = 'run streams, which wait for their consumers in this thread';
const MADE = 'are being made by a call that runSync() is called in: by a getter or a hook';

/** @param {string} why  the threads do not take the task */
const deadlock = (why) =>
  withoutStack(
    Error,
    codes.DEADLOCK,
    `runSync() would not end: the threads that may run the task ${why}`,
  );

/** The task would wait for streams, which wait for this thread. */
const heldUpByStreams = () => deadlock(STREAMS);

/** The task would wait for a thread, which this thread is about to make. */
const withinMaking = () => deadlock(MADE);

/** A worker has not come to its program while this thread waits. */
function notBegun() {
  return withoutStack(
    Error,
    codes.WORKER_START,
    'no worker has begun, though runSync() waits for one: what it loads first may have failed, ' +
      'or needs the event loop of this thread',
  );
}

/** As V8's: the task was settled, and the stack was used up when it was to be told. */
function stackUsedUp() {
  return new RangeError('Maximum call stack size exceeded');
}

module.exports = { heldUpByStreams, notBegun, stackUsedUp, withinMaking };
