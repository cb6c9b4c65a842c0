'use strict';

// What became of a task, or of a worker. The other half, which says more, is src/wire/status.rs.

module.exports = Object.freeze({
  RESULT: 0,
  ERROR: 1,
  BY_PORT: 2,
  CLAIM: 3,
  EXPIRED: 4,
  THREAD_GONE: 5,
  READY: 6,
  FATAL: 7,
  OUTPUT: 8,
  OUT_OF_MEMORY: 9,
  PROGRESS: 10,
  LEAVING: 11,
  LEFT: 12,
  VALUE: 13,
  STARTED: 14,
  TIMES: 15,
  ORPHANED: 16,
});
