'use strict';

// What ends the thread fails the tasks that it runs. Node would report it, too, but without some of
// its properties, and not while the pool waits in runSync(). Anybody may emit the event, so nothing
// is decided here.

// As it is now: a processor may put something else in its place.
const process = require('node:process');

/** @param {readonly import('./task-runner.js').TaskRunner[]} lanes  of the thread */
function tellUncaught(lanes) {
  // Before Node reports the error as well: Node 20 never ends with one that is its own cause.
  const exiting = () => {
    if (lanes.some(({ ends }) => ends) && process._exiting !== false) process.exit(1);
  };
  process.on('uncaughtExceptionMonitor', (error) => {
    if (process.listenerCount('uncaughtException') > 0) return; // the processor goes on
    if (process.hasUncaughtExceptionCaptureCallback()) return;
    for (const lane of lanes) lane.leaveLastWords(error);
    if (!lanes.some(({ ends }) => ends)) return;
    process.off('exit', exiting);
    process.on('exit', exiting); // after those of the processor
  });
}

module.exports = { tellUncaught };
