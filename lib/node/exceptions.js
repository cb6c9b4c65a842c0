'use strict';

// Uncaught exceptions that the program handles and survives. V8 and Node put the slot back when a
// microtask or a tick returns, but not when it throws: what runs next and has no scope of its own
// would run in the scope of what failed.

const { apply } = Reflect;

/**
 * Calls `clear()` after each such exception. Node's native code looks up `_fatalException` in the
 * process object each time; it returns whether the exception was handled. Rejections are left out:
 * Node reports them in the middle of other work, and puts the slot back itself.
 *
 * @param {() => void} clear
 */
function onSurvived(clear) {
  const { _fatalException: report } = process;
  if (typeof report !== 'function') return;
  process._fatalException = function (error, fromPromise) {
    const survived = apply(report, this, arguments);
    if (survived && !fromPromise) clear();
    return survived;
  };
}

module.exports = { onSurvived };
