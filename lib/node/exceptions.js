'use strict';

// Uncaught exceptions that the program survives, because it has handlers for them. V8 and Node put
// the slot back when a microtask or a tick returns, but not when it throws: what comes next and has
// no scope of its own would run in the scope of what has failed.

const { apply } = Reflect;

/**
 * Calls `clear()` after each such exception. Node's native code looks the function up in the
 * process object each time; it returns whether the exception was handled. The rejection of a
 * promise is reported to it in the middle of other work, and Node puts the slot back itself.
 */
function onSurvived(clear) {
  const { _fatalException: report } = process;
  if (typeof report !== 'function') return;
  process._fatalException = function(error, fromPromise) {
    const survived = apply(report, this, arguments);
    if (survived && !fromPromise) clear();
    return survived;
  };
}

module.exports = { onSurvived };
