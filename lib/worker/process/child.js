'use strict';

// The program of a process that runs a processor in place of the thread that has started it, its
// bridge (bridge.js). The processor is called by the same parts as in a thread; what they have for
// the pool goes to the bridge, which passes it on.

const fs = require('node:fs');
const threads = require('node:worker_threads');
const { bytesOfError } = require('../../codec/error-bytes.js');
const { notCloneable } = require('../../errors/pool.js');
const { noParentPort } = require('../../errors/processor.js');
const { messages } = require('../../node/pool-thread.js');
const Module = require('../../package/module-class.js');
const { watchLifeline } = require('./lifeline.js');
const { ProcessRunner } = require('./process-runner.js');
const { ANOTHER_PROCESS, LIFELINE, fromFrame, kinds, toFrame } = require('./wire.js');

/**
 * What the process is told first.
 *
 * @typedef {import('../load.js').Given & {
 *   lanes: number, workerId: number, workerData: unknown, name: string | undefined,
 *   broadcast: { number: number, value: unknown } | undefined,
 *   sparesAborted: boolean, maxMemory: number, nice: number }} ChildConfiguration
 */

// As they are now: a processor may put something else in their place.
const process = require('node:process');
const { apply } = Reflect;
const { exit, nextTick } = process;
const send = /** @type {NonNullable<typeof process.send>} */ (process.send);
const outputs = /** @type {any[]} */ ([process.stdout, process.stderr]);

// A bridge that is gone ends this process, which needs no error for it.
const ignore = () => {};

/** @param {unknown[]} message */
const toBridge = (message) => apply(send, process, [message, undefined, undefined, ignore]);

/** Waits for what the process is. */
function listen() {
  watchLifeline();
  tellUncaught();
  waitForOutput();
  // One of the terminal, which every process of the program gets: the program decides.
  process.on('SIGINT', ignore);
  /** @type {((kind: string, lane: number, frame: Uint8Array) => void) | undefined} */
  let hear;
  process.on('message', (/** @type {any} */ [kind, lane, frame]) => {
    if (kind === kinds.CONFIGURE) hear = begin(fromFrame(frame));
    else hear?.(kind, lane, frame);
  });
}

/** What ends the process fails the tasks that it runs, as in a thread (uncaught.js). */
function tellUncaught() {
  process.on('uncaughtExceptionMonitor', (error) => {
    if (process.listenerCount('uncaughtException') > 0) return; // the processor goes on
    if (process.hasUncaughtExceptionCaptureCallback()) return;
    const reason = new RangeError('it is too large');
    const tooLarge = () => bytesOfError(notCloneable('error', reason, ANOTHER_PROCESS));
    // Through no queue: it is the last thing that the process does. Node would print it.
    fs.writeSync(LIFELINE, /** @type {Uint8Array} */ (bytesOfError(error) ?? tooLarge()));
    exit.call(process, 1);
  });
}

/** What is written to the standard streams is on its way before a result is, or the end. */
function waitForOutput() {
  for (const stream of outputs) stream._handle?.setBlocking?.(true);
}

/**
 * How many bytes are on their way. What a corked stream holds back may never be.
 *
 * @param {any} stream
 * @returns {number}
 */
const written = (stream) =>
  stream.writableCorked > 0 ? stream._bytesDispatched : stream.bytesWritten;

/**
 * Returns what hears the bridge.
 *
 * @param {ChildConfiguration} config
 */
function begin(config) {
  // What is loaded from here on finds them where it does in a thread.
  Object.assign(threads, { threadId: config.workerId, workerData: config.workerData });
  Module.syncBuiltinESMExports();
  const { fileOf } = require('../load.js');
  const file = fileOf(config);
  process.argv[1] = file; // as if it were the program
  if (config.nice !== 0) require('node:os').setPriority(config.nice);

  const { port1: pool, port2: control } = new threads.MessageChannel();
  const toPool = (/** @type {unknown} */ message) =>
    toBridge([kinds.CONTROL, 0, toFrame(message, 'message')]);
  pool.on('message', toPool);
  pool.unref();

  const runners = Array.from({ length: config.lanes }, (_, lane) => {
    return new ProcessRunner(config, (kind, frame, leaves) => {
      // What was said before: that it tears down, before it takes tasks or has ended one.
      const said = taken(pool);
      const kept = said.length === 0 ? frame : frame && new Uint8Array(frame);
      for (const message of said) toPool(message);
      toBridge([kind, lane, kept, outputs.map(written), leaves]);
    });
  });
  loadAndStart(config, file, runners, control).catch((error) => {
    nextTick(() => {
      throw error;
    });
  });

  return (/** @type {string} */ kind, /** @type {number} */ lane, /** @type {any} */ frame) => {
    if (kind === kinds.RUN) runners[lane].run(frame);
    else if (kind === kinds.CONTROL) {
      const message = fromFrame(frame);
      if (message.kind === messages.ABORT) runners[message.lane].abort();
      pool.postMessage(message);
    }
  };
}

/**
 * The messages that have come and were not heard yet.
 *
 * @param {import('node:worker_threads').MessagePort} port
 */
function taken(port) {
  /** @type {unknown[]} */
  const all = [];
  let received = threads.receiveMessageOnPort(port);
  for (; received !== undefined; received = threads.receiveMessageOnPort(port)) {
    all.push(received.message);
  }
  return all;
}

/**
 * @param {ChildConfiguration} config
 * @param {string} file
 * @param {readonly ProcessRunner[]} runners
 * @param {import('node:worker_threads').MessagePort} control
 */
async function loadAndStart(config, file, runners, control) {
  const { Exports } = require('../exports.js');
  const { functionsOf } = require('../functions.js');
  const { defineCarriers, load } = require('../load.js');
  const { awaited } = require('../setup.js');
  await defineCarriers(config.contexts);
  let namespace;
  try {
    namespace = await load(config, file);
  } catch (error) {
    throw listens(file) ? noParentPort(file, error) : error;
  }
  const exported = new Exports(await awaited(namespace), file);
  const beginFunctions = functionsOf({ ...config, control }, exported, file, runners);
  if (beginFunctions === undefined) throw exported.notAProcessor(config.name, false);
  await beginFunctions();
}

/**
 * Whether the processor, which cannot be loaded, is about messages of its thread.
 *
 * @param {string} file
 */
function listens(file) {
  try {
    return fs.readFileSync(file, 'utf8').includes('parentPort');
  } catch {
    return false;
  }
}

module.exports = { listen };
