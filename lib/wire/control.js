'use strict';

// What a pool tells a thread of a JavaScript processor beside its tasks, through a port of its own.

module.exports = Object.freeze({
  /** The task that the thread runs was aborted; `reason` has the bytes of the error. */
  ABORT: 'abort',
  /** The thread takes no further task: it ends when its task has, and its teardown. */
  END: 'end',
});
