'use strict';

// What is said to a thread of a JavaScript processor beside its tasks (node/pool-thread.js).

const { MessagePort, receiveMessageOnPort } = require('node:worker_threads');
const { attachments, createRegion, encodeErrorSelfContained } = require('../codec/index.js');
const { messages } = require('../node/pool-thread.js');

// As they are now: a program may put something else in their place.
const { apply } = Reflect;
const { postMessage } = MessagePort.prototype;

/** How long a thread may tear down, in ms. */
const TEARDOWN_LIMIT = 5000;

// More than errors have. Without a reason, the task learns only that it was aborted.
const LARGEST_REASON = 64 * 1024;

/** @type {ReturnType<typeof createRegion> | undefined} */
let region;

/**
 * The task that the thread runs was aborted.
 *
 * @param {MessagePort} port
 * @param {unknown} reason
 */
function abort(port, reason) {
  apply(postMessage, port, [{ kind: messages.ABORT, reason: bytesOf(reason) }]);
}

/**
 * The thread shall end: by itself, within `milliseconds`, which is 0 if it would not.
 *
 * @param {MessagePort} port
 * @param {number} aborted  how long the task may take that it runs; 0 for none
 */
function end(port, aborted) {
  // What it has announced, once. Before that it takes no tasks.
  const announced = receiveMessageOnPort(port)?.message;
  if (announced === undefined) return { milliseconds: 0, tearsDown: false };
  const { tearsDown } = announced;
  const milliseconds = aborted + (tearsDown ? TEARDOWN_LIMIT : 0);
  if (milliseconds > 0) apply(postMessage, port, [{ kind: messages.END }]);
  return { milliseconds, tearsDown };
}

/** @param {unknown} error */
function bytesOf(error) {
  region ??= createRegion(LARGEST_REASON);
  const last = encodeErrorSelfContained(region, 0, error);
  return last < 0 || attachments() !== undefined ? undefined : region.bytes.slice(0, last);
}

module.exports = { TEARDOWN_LIMIT, abort, end };
