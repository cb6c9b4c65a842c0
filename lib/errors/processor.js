'use strict';

// What is wrong with a JavaScript processor. Most of it is thrown in its thread, and ends that.

const { coded, describe, withCause, withoutStack } = require('./coded.js');
const { codes } = require('./pool.js');

/**
 * The file is not a processor. Thrown in the worker, where it is the end.
 *
 * @param {string | undefined} file
 * @param {boolean} mayListen  it could have listened for messages
 * @param {string} message
 */
function notAProcessor(file, mayListen, message) {
  const other = mayListen ? ", or to listen for 'message' events of parentPort" : '';
  return coded(
    TypeError,
    codes.PROCESSOR,
    `Expected the processor ${file} to export a function as its default${other}; ${message}`,
    notAProcessor,
  );
}

/**
 * The file, which cannot be loaded, asks for the port of a thread, and runs in a process. Thrown
 * there, where it is the end.
 *
 * @param {string} file
 * @param {unknown} cause
 */
function noParentPort(file, cause) {
  const message =
    `Expected the processor ${file} to export a function: in a process there is no parentPort to ` +
    `listen to (options.runtime is 'child_process'); ${reasonOf(cause)}`;
  return withCause(coded(TypeError, codes.PROCESSOR, message, noParentPort), cause);
}

/**
 * The function cannot be sent to threads as a text.
 *
 * @param {Function} fn
 * @param {string} why
 */
function noSource(fn, why) {
  return withoutStack(
    TypeError,
    codes.FUNCTION,
    'The argument "processor" must be a function whose text can be evaluated in a thread: ' +
      `${why}. Received ${describe(fn)}`,
  );
}

/**
 * The file is in TypeScript, which its thread does not run. Thrown there, where it is the end.
 *
 * @param {string} file
 * @param {unknown} cause
 */
function noTypeScript(file, cause) {
  const message =
    `The processor ${file} is in TypeScript, which needs Node 22.18 or later, or a loader whose ` +
    `flags the threads inherit, such as node --import tsx: ${reasonOf(cause)}`;
  return withCause(coded(Error, codes.TYPESCRIPT, message, noTypeScript), cause);
}

/**
 * The processor has no function of the name that a task asks for.
 *
 * @param {string} file
 * @param {string} name
 * @param {string[]} known
 */
function exportUnknown(file, name, known) {
  return withoutStack(
    RangeError,
    codes.EXPORT_UNKNOWN,
    `The processor ${file} exports no function ${JSON.stringify(name)}. ` +
      `Its functions are: ${known.join(', ') || 'none'}`,
  );
}

/**
 * A task asks for an export, and the processor listens for messages.
 *
 * @param {string | undefined} name
 */
function exportOfListener(name) {
  return withoutStack(
    TypeError,
    codes.NO_EXPORTS,
    `The export ${JSON.stringify(name)} cannot be called: ` +
      "the processor listens for 'message' events of parentPort",
  );
}

/**
 * A task names another file, and the processor of the pool listens for messages.
 *
 * @param {string} url
 */
function fileOfListener(url) {
  return withoutStack(
    TypeError,
    codes.NO_EXPORTS,
    `The processor ${url} cannot be called: ` +
      "that of the pool listens for 'message' events of parentPort",
  );
}

/**
 * The file that a task names cannot be made ready for it.
 *
 * @param {string} url
 * @param {unknown} cause
 */
function notLoaded(url, cause) {
  const message = `The processor ${url} of the task cannot be loaded: ${reasonOf(cause)}`;
  return withCause(withoutStack(Error, codes.LOAD, message), cause);
}

/**
 * The function of a stream returned nothing to iterate.
 *
 * @param {string} name
 * @param {unknown} value
 */
function notIterable(name, value) {
  return withoutStack(
    TypeError,
    codes.NO_STREAM,
    `pool.stream() expects the function ${JSON.stringify(name)} of the processor to be a ` +
      `generator, or to return an iterable. It returned ${describe(value)}`,
  );
}

/** A stream of a processor that listens for messages. */
function streamOfListener() {
  return withoutStack(
    TypeError,
    codes.NO_STREAM,
    'pool.stream() expects a processor that exports functions. This one listens for ' +
      "'message' events of parentPort",
  );
}

/** A stream, where no processor has any. */
function streamOfNative() {
  return withoutStack(
    TypeError,
    codes.NO_STREAM,
    'pool.stream() expects a processor that is a JavaScript file. This one is a native processor',
  );
}

/** An export, where no file has any. */
function exportOfNative() {
  return withoutStack(
    RangeError,
    codes.OUT_OF_RANGE,
    'The value of "options.export" is out of range. It must be undefined in a pool with a native ' +
      'processor: only a JavaScript file has exports',
  );
}

/** Another file, where no file is run. */
function fileOfNative() {
  return withoutStack(
    RangeError,
    codes.OUT_OF_RANGE,
    'The value of "options.processor" is out of range. It must be undefined in a pool with a ' +
      'native processor, such as the default one: its threads run no JavaScript',
  );
}

/**
 * The processor's `setup` failed. Thrown in the worker, where it is the end.
 *
 * @param {string} file
 * @param {unknown} cause
 */
function setupFailed(file, cause) {
  const message = `The setup of the processor ${file} failed: ${reasonOf(cause)}`;
  return withCause(coded(Error, codes.SETUP, message, setupFailed), cause);
}

/** A value for all threads, where no file has an export for it. */
function broadcastOfNative() {
  return withoutStack(
    TypeError,
    codes.NO_EXPORTS,
    'A native processor takes no value of broadcast(): only a JavaScript file has exports',
  );
}

/**
 * The processor's `broadcast` failed before its thread took tasks. Thrown in the worker, where it
 * is the end.
 *
 * @param {string} file
 * @param {unknown} cause
 */
function broadcastFailed(file, cause) {
  const message = `The broadcast of the processor ${file} failed: ${reasonOf(cause)}`;
  return withCause(coded(Error, codes.BROADCAST, message, broadcastFailed), cause);
}

/**
 * The processor's `broadcast` failed on threads of the pool.
 *
 * @param {string | undefined} file
 * @param {{ id: number, error: unknown }} first
 * @param {number} failures
 * @param {number} count
 */
function broadcastFailedOn(file, { id, error: cause }, failures, count) {
  const message =
    `The broadcast of the processor ${file} failed on ${failures} of ${count} threads, ` +
    `first on thread ${id}: ${reasonOf(cause)}`;
  return withCause(withoutStack(Error, codes.BROADCAST, message), cause);
}

/**
 * The processor's `teardown` failed. Thrown in the worker, where it is the end.
 *
 * @param {string} file
 * @param {unknown} cause
 */
function teardownFailed(file, cause) {
  const message = `The teardown of the processor ${file} failed: ${reasonOf(cause)}`;
  return withCause(coded(Error, codes.TEARDOWN, message, teardownFailed), cause);
}

/**
 * The processor's `teardown` took too long, and its thread was stopped.
 *
 * @param {string | undefined} file
 * @param {number} milliseconds
 */
function teardownTimeout(file, milliseconds) {
  return withoutStack(
    Error,
    codes.TEARDOWN,
    `The teardown in a thread of the processor ${file} was expected to end within ` +
      `${milliseconds} ms; the thread was stopped`,
  );
}

/** @param {any} thrown */
const isOfTeardown = (thrown) => thrown?.code === codes.TEARDOWN;

/** @param {unknown} cause */
const reasonOf = (cause) => (cause instanceof Error ? cause.message : describe(cause));

module.exports = {
  noSource,
  broadcastFailed,
  broadcastFailedOn,
  broadcastOfNative,
  exportOfListener,
  exportOfNative,
  exportUnknown,
  fileOfListener,
  fileOfNative,
  isOfTeardown,
  noParentPort,
  noTypeScript,
  notAProcessor,
  notIterable,
  notLoaded,
  setupFailed,
  streamOfListener,
  streamOfNative,
  teardownFailed,
  teardownTimeout,
};
