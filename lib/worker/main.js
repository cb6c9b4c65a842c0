'use strict';

// The program of a worker thread: loads the processor, finds out which form it has, and has it run
// the tasks that the pool gives.

const path = require('node:path');
const { MessagePort, parentPort } = require('node:worker_threads');
const { configuration } = require('./configuration.js');
const { DEFAULT, Exports } = require('./exports.js');
const { FunctionProcessor } = require('./function-processor.js');
const { MessageProcessor } = require('./message-processor.js');
const { loadProcessor } = require('./load-processor.js');
const { forwardOutput } = require('./output.js');
const { awaited, setUp } = require('./setup.js');
const { TaskRunner } = require('./task-runner.js');
const { tellUncaught } = require('./uncaught.js');
const { markPoolThread } = require('../node/pool-thread.js');

/** @typedef {import('./configuration.js').Configuration} Configuration */

/** @param {Configuration} config */
function begin(config) {
  const file = config.file ?? nodeUrl().fileURLToPath(config.url);
  const runners = config.lanes.map((lane) => new TaskRunner(config, lane));
  const [tasks] = runners;
  tellUncaught(runners);
  forwardOutput((descriptor, bytes) => tasks.output(descriptor, bytes));
  process.on('exit', (exitCode) => config.control.postMessage({ exitCode }));
  // One that listens has one task at a time: a reply does not say to which.
  const mayListen = config.name === undefined && runners.length === 1;
  // Before the processor is loaded: it listens while it is.
  const messages = mayListen ? new MessageProcessor(tasks, config.control) : undefined;
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
    const run = exported.get(config.name ?? DEFAULT);
    const isFunction = run !== undefined || (config.name === undefined && exported.hasFunctions);
    if (isFunction) {
      messages?.stop();
      const setup = exported.get('setup');
      const processor = new FunctionProcessor({
        runners,
        exported,
        run,
        name: config.name ?? DEFAULT,
        file,
        teardown: exported.get('teardown'),
        control: config.control,
        broadcast: config.broadcast,
        sparesAborted: config.sparesAborted,
      });
      return setup === undefined
        ? processor.begin()
        : setUp(setup, file).then(() => processor.begin());
    }
    const missing = () => exported.notAProcessor(config.name, mayListen);
    if (!mayListen) throw missing();
    // Without a listener nothing keeps the thread, unless the processor is about to listen.
    process.on('exit', () => {
      // Not if the processor has emitted the event itself.
      if (process._exiting !== false && !messages?.started) throw missing();
    });
  };

  defineCarriers(config.contexts ?? [])
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
 * The processor: a file, or the text of a function.
 *
 * @param {Configuration} config
 * @param {string} file
 */
function load(config, file) {
  const { url, source } = config;
  if (source === undefined) return loadProcessor(url, file, isPlain(config, file));
  // Loaded here: most processors are files.
  return require('./load-function.js').loadFunction(source, file);
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

/**
 * Whether the URL says no more than the path.
 *
 * @param {Configuration} config
 * @param {string} file
 */
function isPlain({ url, file: given }, file) {
  return given !== undefined || nodeUrl().pathToFileURL(file).href === url;
}

// Loaded here: most processors are given by their paths.
const nodeUrl = () => require('node:url');

/**
 * Loads the files of carriers.
 *
 * @param {NonNullable<Configuration['contexts']>} contexts
 */
async function defineCarriers(contexts) {
  for (const { module } of contexts) {
    if (module !== undefined) {
      await import(path.isAbsolute(module) ? nodeUrl().pathToFileURL(module).href : module);
    }
  }
}

// Deno's parentPort is no MessagePort, and can only be listened to.
const port = /** @type {any} */ (parentPort);
if (port instanceof MessagePort) begin(configuration());
else port.once('message', begin);
