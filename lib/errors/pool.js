'use strict';

// The failures of the worker pool, with their stable codes. Those of native tasks are made in Rust
// (src/native/), those of processors are processor.js, and what the addon's own functions throw is
// src/error.rs. The errors have no stack yet: whoever passes them on knows whose call they end.

const { describe, withCause, withoutStack } = require('./coded.js');

/** Part of the public interface; never reused for another meaning. */
const codes = Object.freeze({
  CLOSED: 'ERR_WORKER_POOL_CLOSED',
  CLOSE_TIMEOUT: 'ERR_WORKER_POOL_CLOSE_TIMEOUT',
  DEADLOCK: 'ERR_WORKER_POOL_DEADLOCK',
  QUEUE_FULL: 'ERR_WORKER_POOL_QUEUE_FULL',
  QUEUE_ORDER: 'ERR_WORKER_POOL_QUEUE_ORDER',
  TASK_TIMEOUT: 'ERR_WORKER_POOL_TASK_TIMEOUT',
  TASK_THREW_NOTHING: 'ERR_WORKER_POOL_TASK_THREW_NOTHING',
  WORKER_EXIT: 'ERR_WORKER_POOL_WORKER_EXIT',
  WORKER_START: 'ERR_WORKER_POOL_WORKER_START',
  PROCESSOR: 'ERR_WORKER_POOL_PROCESSOR',
  FUNCTION: 'ERR_WORKER_POOL_FUNCTION',
  LOAD: 'ERR_WORKER_POOL_LOAD',
  EXPORT_UNKNOWN: 'ERR_WORKER_POOL_EXPORT_UNKNOWN',
  NO_EXPORTS: 'ERR_WORKER_POOL_NO_EXPORTS',
  BROADCAST: 'ERR_WORKER_POOL_BROADCAST',
  NO_STREAM: 'ERR_WORKER_POOL_NO_STREAM',
  SETUP: 'ERR_WORKER_POOL_SETUP',
  TEARDOWN: 'ERR_WORKER_POOL_TEARDOWN',
  NOT_CLONEABLE: 'ERR_WORKER_POOL_NOT_CLONEABLE',
  OUT_OF_MEMORY: 'ERR_WORKER_POOL_OUT_OF_MEMORY',
  TRANSPORT: 'ERR_WORKER_POOL_TRANSPORT',
  TYPESCRIPT: 'ERR_WORKER_POOL_TYPESCRIPT',
  UNAVAILABLE: 'ERR_WORKER_POOL_UNAVAILABLE',
  NATIVE_UNKNOWN: 'ERR_WORKER_POOL_NATIVE_UNKNOWN',
  NATIVE_ADDON: 'ERR_WORKER_POOL_NATIVE_ADDON',
  NATIVE_VERSION: 'ERR_WORKER_POOL_NATIVE_VERSION',
  // Most are made in Rust.
  NATIVE_TASK: 'ERR_WORKER_POOL_NATIVE_TASK',
  NATIVE_PANIC: 'ERR_WORKER_POOL_NATIVE_PANIC',
  // Node's.
  ABORTED: 'ABORT_ERR',
  INVALID_ARG_TYPE: 'ERR_INVALID_ARG_TYPE',
  INVALID_URL_SCHEME: 'ERR_INVALID_URL_SCHEME',
  OUT_OF_RANGE: 'ERR_OUT_OF_RANGE',
});

/**
 * The name a caller sees is that of the failure, as with Node's AbortError.
 *
 * @template {Error} T
 * @param {T} error
 * @param {string} name
 */
function named(error, name) {
  Object.defineProperty(error, 'name', {
    __proto__: null,
    value: name,
    writable: true,
    enumerable: false,
    configurable: true,
  });
  return error;
}

/**
 * Node's ERR_INVALID_ARG_TYPE, for an argument or a property of one.
 *
 * @param {string} name
 * @param {string} expected
 * @param {unknown} value
 */
function invalidArgType(name, expected, value) {
  const kind = name.includes('.') ? 'property' : 'argument';
  return withoutStack(
    TypeError,
    codes.INVALID_ARG_TYPE,
    `The "${name}" ${kind} must be ${expected}. Received ${describe(value)}`,
  );
}

/**
 * Node's ERR_OUT_OF_RANGE.
 *
 * @param {string} name
 * @param {string} expected
 * @param {unknown} value
 */
function outOfRange(name, expected, value) {
  return withoutStack(
    RangeError,
    codes.OUT_OF_RANGE,
    `The value of "${name}" is out of range. It must be ${expected}. Received ${String(value)}`,
  );
}

/**
 * Node's ERR_INVALID_URL_SCHEME: the URL of the processor leads to no file.
 *
 * @param {unknown} url
 */
function invalidUrlScheme(url) {
  return withoutStack(
    TypeError,
    codes.INVALID_URL_SCHEME,
    `The URL of the processor must be a file: URL. Received ${String(url)}`,
  );
}

/** The pool was closed before the task was done, or before it was submitted. */
function closed() {
  return withoutStack(Error, codes.CLOSED, 'The worker pool is closed');
}

/**
 * The pool was closed, and the task was not done by the end of its time.
 *
 * @param {number} milliseconds
 */
function closeTimeout(milliseconds) {
  return withoutStack(
    Error,
    codes.CLOSE_TIMEOUT,
    `The worker pool is closed: the task was expected to end within ${milliseconds} ms of the ` +
      'call of close()',
  );
}

/**
 * As many tasks wait as may.
 *
 * @param {number} limit
 */
function queueFull(limit) {
  return withoutStack(
    Error,
    codes.QUEUE_FULL,
    `The queue of the worker pool is full: expected at most ${limit} waiting tasks`,
  );
}

/**
 * The function that ranks the tasks returned no finite number.
 *
 * @param {unknown} value
 */
function notARank(value) {
  return withoutStack(
    TypeError,
    codes.QUEUE_ORDER,
    `The function "queueOrder" must return a finite number. It returned ${describe(value)}`,
  );
}

/**
 * The function that ranks the tasks threw.
 *
 * @param {unknown} cause
 */
function rankFailed(cause) {
  const reason = cause instanceof Error ? cause.message : describe(cause);
  const message = `The function "queueOrder" must return a finite number. It threw: ${reason}`;
  return withCause(withoutStack(Error, codes.QUEUE_ORDER, message), cause);
}

/**
 * The task ran for longer than it may.
 *
 * @param {number | undefined} milliseconds
 */
function taskTimeout(milliseconds) {
  return named(
    withoutStack(
      Error,
      codes.TASK_TIMEOUT,
      `The task was expected to end within ${milliseconds} ms of its start`,
    ),
    'TimeoutError',
  );
}

/**
 * A task threw `undefined` or `null`, which a callback could not tell from success.
 *
 * @param {unknown} value
 */
function taskThrewNothing(value) {
  return withoutStack(
    Error,
    codes.TASK_THREW_NOTHING,
    `The task threw ${value}, where an error was expected`,
  );
}

/**
 * The signal of the task was aborted, or `abortWaiting()` was called.
 *
 * @param {unknown} reason
 */
function aborted(reason) {
  const error = withoutStack(Error, codes.ABORTED, 'The operation was aborted');
  return named(reason === undefined ? error : withCause(error, reason), 'AbortError');
}

/**
 * A worker ended, and not by an error. `when` completes the sentence.
 *
 * @param {number | undefined} exitCode
 * @param {string} when
 * @param {string} [signal]  that has ended its process
 */
function workerExit(exitCode, when, signal) {
  const end = signal === undefined ? `exit code ${exitCode}` : `signal ${signal}`;
  const error = /** @type {Error & { exitCode?: number, signal?: string }} */ (
    withoutStack(Error, codes.WORKER_EXIT, `The worker ended with ${end} ${when}`)
  );
  if (signal === undefined) error.exitCode = exitCode;
  else error.signal = signal;
  return error;
}

/**
 * No worker gets ready.
 *
 * @param {string | undefined} file
 * @param {unknown} cause
 */
function workerStart(file, cause) {
  const reason = cause instanceof Error ? cause.message : describe(cause);
  return withCause(
    withoutStack(
      Error,
      codes.WORKER_START,
      `The workers of the pool cannot start with the processor ${file}: ${reason}`,
    ),
    cause,
  );
}

/**
 * A task or a result that not even a MessagePort can carry.
 *
 * @param {string} what
 * @param {unknown} cause
 * @param {string} [place]  where it was to be sent
 * @param {string} [reason]  in place of what the cause says
 */
function notCloneable(what, cause, place = 'another thread', reason = messageOf(cause)) {
  return withCause(
    withoutStack(
      TypeError,
      codes.NOT_CLONEABLE,
      `The ${what} cannot be sent to ${place}: ${reason}`,
    ),
    cause,
  );
}

/** @param {unknown} cause */
const messageOf = (cause) => (cause instanceof Error ? cause.message : String(cause));

/** What move() has returned is part of another value. */
function movedInside() {
  return withoutStack(
    TypeError,
    codes.NOT_CLONEABLE,
    'What move() returns has to be the whole result of a function',
  );
}

/** Rust has not taken the task: memory is exhausted, or something has written over it. */
function notTaken() {
  return withoutStack(
    Error,
    codes.TRANSPORT,
    'The task could not be put into the queue of the worker pool',
  );
}

/**
 * What the workers have sent cannot be read: something has written over it, or taken it away.
 *
 * @param {unknown} cause
 */
function unreadable(cause) {
  return withCause(
    withoutStack(
      Error,
      codes.TRANSPORT,
      'The result cannot be read: expected the memory of the worker pool to be left alone',
    ),
    cause,
  );
}

/**
 * A task or a result is too large for the memory there is.
 *
 * @param {unknown} [cause]
 */
function outOfMemory(cause) {
  const error = withoutStack(
    RangeError,
    codes.OUT_OF_MEMORY,
    'There is not enough memory to send the task or its result to another thread',
  );
  return cause === undefined ? error : withCause(error, cause);
}

/**
 * There is no addon; the cause has a code of its own.
 *
 * @param {Error} cause
 */
function noAddon(cause) {
  const { message } = cause;
  return withCause(
    withoutStack(
      Error,
      codes.UNAVAILABLE,
      `WorkerPool needs the native addon of async-hooks-rs, which cannot be loaded: ${message}`,
    ),
    cause,
  );
}

/**
 * The program of the workers is not there.
 *
 * @param {string} file
 */
function noProgram(file) {
  return withoutStack(
    Error,
    codes.UNAVAILABLE,
    `WorkerPool needs all files of async-hooks-rs. There is no file ${file}`,
  );
}

/**
 * The package was bundled, and is not installed beside the bundle.
 *
 * @param {string | undefined} reason
 */
function bundled(reason) {
  return withoutStack(
    Error,
    codes.UNAVAILABLE,
    'WorkerPool needs files that a bundle cannot contain: ' +
      'install async-hooks-rs where the bundle runs, and keep the package external when bundling ' +
      '(esbuild and ncc --external; webpack and rspack "externals"; rollup "external"; ' +
      `Vite "ssr.external"; Next.js "serverExternalPackages"): ${reason}`,
  );
}

module.exports = {
  codes,
  invalidArgType,
  outOfRange,
  invalidUrlScheme,
  closed,
  closeTimeout,
  queueFull,
  notARank,
  rankFailed,
  taskTimeout,
  taskThrewNothing,
  aborted,
  workerExit,
  workerStart,
  notCloneable,
  movedInside,
  outOfMemory,
  notTaken,
  unreadable,
  noAddon,
  noProgram,
  bundled,
};
