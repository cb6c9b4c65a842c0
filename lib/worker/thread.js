'use strict';

// A worker thread: loads the processor, finds out which form it has, and has it run the tasks that
// the pool gives.

const { parentPort } = require('node:worker_threads');
const { Exports } = require('./exports.js');
const { functionsOf } = require('./functions.js');
const { defineCarriers, fileOf, load } = require('./load.js');
const { MessageProcessor } = require('./message-processor.js');
const { forwardOutput } = require('./output.js');
const { awaited } = require('./setup.js');
const { TaskRunner } = require('./task-runner.js');
const { tellUncaught } = require('./uncaught.js');
const { markPoolThread } = require('../node/pool-thread.js');

/** @typedef {import('./configuration.js').Configuration} Configuration */

/** @param {Configuration} config */
function begin(config) {
  if (config.process === undefined) beginThread(config);
  // Loaded here: few pools have processes.
  else require('./process/bridge.js').begin(config);
}

/** @param {Configuration} config */
function beginThread(config) {
  const file = fileOf(config);
  const runners = config.lanes.map((lane) => new TaskRunner(config, lane));
  const [tasks] = runners;
  tellUncaught(runners);
  forwardOutput((descriptor, bytes) => tasks.output(descriptor, bytes));
  process.on('exit', (exitCode) => config.control.postMessage({ exitCode }));
  // One that listens has one task at a time: a reply does not say to which.
  const mayListen = config.name === undefined && runners.length === 1;
  // Before the processor is loaded: it listens while it is.
  const messages = mayListen ? new MessageProcessor(tasks, config.control) : undefined;
  const port = /** @type {import('node:worker_threads').MessagePort} */ (parentPort);
  markPoolThread(port, () => messages?.task);

  process.argv[1] = file; // as if it were the worker's own program
  if (config.nice !== 0) setPriority(config.nice);

  /**
   * The processor is loaded. One that listens for messages has been started by that.
   *
   * @param {any} namespace
   */
  const start = (namespace) => {
    if (messages?.listening || messages?.started) return;
    const exported = new Exports(namespace, file);
    const beginFunctions = functionsOf(config, exported, file, runners);
    if (beginFunctions !== undefined) {
      messages?.stop();
      return beginFunctions();
    }
    const missing = () => exported.notAProcessor(config.name, mayListen);
    if (!mayListen) throw missing();
    // Without a listener nothing keeps the thread, unless the processor is about to listen.
    process.on('exit', () => {
      // Not if the processor has emitted the event itself.
      if (process._exiting !== false && !messages?.started) throw missing();
    });
  };

  defineCarriers(config.contexts)
    .then(() => load(config, file))
    .then(awaited)
    .then(start)
    .catch((error) => {
      // Not as a rejection, which flags of the process may let pass.
      process.nextTick(() => {
        throw error;
      });
    });
}

/**
 * Of this thread: on Linux, system calls that name no process mean the thread that makes them.
 * Elsewhere they mean the whole process, so the threads stay as they are.
 *
 * @param {number} nice
 */
function setPriority(nice) {
  if (process.platform === 'linux') require('node:os').setPriority(nice);
}

module.exports = { begin };
