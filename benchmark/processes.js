'use strict';

// Starts the processes that are measured.

const path = require('node:path');
const { execFile, fork } = require('node:child_process');
const { once } = require('node:events');

const CHILD = path.join(__dirname, 'child.js');

/**
 * A process of a script that answers requests. `ask(request)` gives its answer, `stop()` ends it.
 * `program` overrides the values of child.js.
 */
function start(node, subject, contender, program = {}) {
  const { script = CHILD, args = [subject.name, contender], ...options } = program;
  const child = fork(script, args, { ...options, execPath: node });
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

/**
 * Starts one process per contender, gives them to `use` by name, and ends them. A case with other
 * processes than those of child.js describes them by `program(contender)`.
 */
async function withProcesses(node, subject, use) {
  const processes = {};
  try {
    for (const contender of subject.contenders) {
      processes[contender] = start(node, subject, contender, subject.program?.(contender));
    }
    return await use(processes);
  } finally {
    for (const contender of Object.keys(processes)) await processes[contender].stop();
  }
}

/** Runs a script to its end; its output is JSON. */
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
