'use strict';

// What stands in a job of BullMQ: the task on its way to a server, and how it ended on its way
// back.
//
// A result is the return value of the job, as text. An error is the last line of the stack that
// BullMQ keeps of a failed job, behind the stack of the error itself: BullMQ writes it in the same
// step in which the job fails, so no other answer is ever seen, and whoever looks at the queue
// reads the message and the stack as of any other job.

const { inspect } = require('node:util');
const { failed, stalled, unreadable } = require('../errors/queue.js');
const { errorToText, fromText, toText } = require('./values.js');

const JOB_NAME = 'task';

/** Of the fields of a job's data. */
const VERSION = 1;

const MARK = '\n    async-hooks-rs:';

// BullMQ's own reasons.
const STALLED = /^job (?:stalled|started) more than allowable limit$/;

/**
 * @typedef {object} TaskData
 * @property {number} v  the version of these fields
 * @property {string} task
 * @property {string} [contexts]  names and values, in the order in which they are entered
 * @property {number} [timeout]  in milliseconds
 */

/**
 * The data of the job for a task.
 *
 * @param {unknown} task
 * @param {string | undefined} contexts  as writeContexts() gives them
 * @param {number | undefined} timeout
 */
function writeTask(task, contexts, timeout) {
  /** @type {TaskData} */
  const data = { v: VERSION, task: toText(task, 'task') };
  if (contexts !== undefined) data.contexts = contexts;
  if (timeout !== undefined) data.timeout = timeout;
  return data;
}

/** @param {readonly (readonly [name: string, value: unknown])[]} contexts */
const writeContexts = (contexts) => toText(contexts, 'contexts');

/**
 * What a server reads of a job.
 *
 * @param {any} data
 * @returns {{
 *   task: unknown,
 *   contexts: [string, unknown][] | undefined,
 *   timeout: number | undefined,
 * }}
 */
function readTask(data) {
  if (data?.v !== VERSION) {
    throw unreadable('task', new Error(`its job has the form ${inspect(data?.v)}`));
  }
  const { task, contexts, timeout } = data;
  return {
    task: fromText(task, 'task'),
    contexts:
      contexts === undefined ? undefined : /** @type {any} */ (fromText(contexts, 'contexts')),
    timeout,
  };
}

/** @param {unknown} result */
const writeResult = (result) => toText(result, 'result');

/** @param {unknown} returned */
const readResult = (returned) => fromText(returned, 'result');

/**
 * What BullMQ is told of what a task threw. `name` tells it what to do (its classes may be those of
 * another copy, so it looks at the name, too).
 *
 * @param {unknown} thrown
 * @param {string} [name]
 */
function writeError(thrown, name = 'Error') {
  const error = new Error(reasonOf(thrown));
  error.name = name;
  error.stack = `${stackOf(thrown)}${MARK}${errorToText(thrown)}`;
  return error;
}

/** @param {unknown} thrown */
function reasonOf(thrown) {
  try {
    return thrown instanceof Error ? String(thrown.message) : inspect(thrown);
  } catch {
    return 'a value that cannot be shown';
  }
}

/** @param {unknown} thrown */
function stackOf(thrown) {
  try {
    return thrown instanceof Error ? String(thrown.stack) : inspect(thrown);
  } catch {
    return '';
  }
}

/**
 * What the task of a failed job threw.
 *
 * @param {string} reason  of the failure
 * @param {unknown} stacks  the job's, of all attempts; the last one is that of this failure
 */
function readError(reason, stacks) {
  if (STALLED.test(reason)) return stalled();
  const last = Array.isArray(stacks) ? stacks.at(-1) : undefined;
  const at = typeof last === 'string' ? last.lastIndexOf(MARK) : -1;
  if (at < 0) return failed(reason);
  try {
    return fromText(last.slice(at + MARK.length), 'error');
  } catch (error) {
    return failed(reason, error);
  }
}

module.exports = {
  JOB_NAME,
  writeTask,
  writeContexts,
  readTask,
  writeResult,
  readResult,
  writeError,
  readError,
};
