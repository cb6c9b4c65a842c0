'use strict';

// Starts the processes that are measured.

const path = require('node:path');
const { execFile, fork } = require('node:child_process');
const { once } = require('node:events');

const CHILD = path.join(__dirname, 'child.js');

/** A process of child.js. `ask(request)` gives its answer, `stop()` ends it. */
function start(node, subject, contender) {
  const child = fork(CHILD, [subject.name, contender], { execPath: node });
  const ended = once(child, 'exit');
  return {
    async ask(request) {
      child.send(request);
      const [answer] = await Promise.race([
        once(child, 'message'),
        ended.then(([code, signal]) => [{ error: `the process ended: ${signal ?? code}` }]),
      ]);
      if (answer.error !== undefined) throw new Error(`${contender}: ${answer.error}`);
      return answer.value;
    },
    async stop() {
      if (child.connected) child.disconnect();
      await ended;
    },
  };
}

/** Starts one process per contender, gives them to `use` by name, and ends them. */
async function withProcesses(node, subject, use) {
  const processes = {};
  try {
    for (const contender of subject.contenders) {
      processes[contender] = start(node, subject, contender);
    }
    return await use(processes);
  } finally {
    for (const contender of Object.keys(processes)) await processes[contender].stop();
  }
}

/** Runs a script to its end; what it prints is JSON. */
function runScript(node, args) {
  return new Promise((resolve, reject) => {
    execFile(node, args, (error, stdout) => {
      if (error) reject(error);
      else resolve(JSON.parse(stdout));
    });
  });
}

/** The list, beginning elsewhere each time, so that no contender is always the first. */
function rotated(list, times) {
  const at = times % list.length;
  return [...list.slice(at), ...list.slice(0, at)];
}

module.exports = { withProcesses, runScript, rotated };
