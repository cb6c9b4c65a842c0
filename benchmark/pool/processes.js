'use strict';

// Starts the processes that are measured.

const path = require('node:path');
const { fork } = require('node:child_process');
const { once } = require('node:events');

const CHILD = path.join(__dirname, 'child.js');

// A request takes a second at most; a pool that loses a task would never answer.
const PATIENCE_MS = 60_000;

/** A process of child.js. `ask(request)` gives its answer, `stop()` ends it. */
function start(node, subject, contender, threads) {
  const child = fork(CHILD, [subject.name, contender, `${threads}`], { execPath: node });
  const ended = once(child, 'exit');
  return {
    async ask(request) {
      const patience = new AbortController();
      const timer = setTimeout(() => patience.abort(), PATIENCE_MS);
      try {
        child.send(request);
        const [answer] = await Promise.race([
          once(child, 'message', { signal: patience.signal }),
          ended.then(([code, signal]) => [{ error: `the process ended: ${signal ?? code}` }]),
        ]);
        if (answer.error !== undefined) throw new Error(answer.error);
        return answer.value;
      } catch (error) {
        const what = patience.signal.aborted ? 'no answer' : error.message;
        throw new Error(`${contender}: ${what}`, { cause: error });
      } finally {
        clearTimeout(timer);
      }
    },
    // The end of a pool is not part of the measurement, and a hanging pool would not end.
    async stop() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** Starts one process per contender, gives them to `use` by name, and ends them. */
async function withProcesses(node, subject, threads, use) {
  const processes = {};
  try {
    for (const contender of subject.contenders) {
      processes[contender] = start(node, subject, contender, threads);
    }
    return await use(processes);
  } finally {
    for (const contender of Object.keys(processes)) await processes[contender].stop();
  }
}

module.exports = { withProcesses };
