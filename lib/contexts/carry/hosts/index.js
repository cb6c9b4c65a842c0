'use strict';

// What receives messages, and where they can be unwrapped before any listener sees them.

const workerThreads = require('node:worker_threads');
const { eventTarget } = require('./event-target.js');
const { isNodePort, nodePort } = require('./node-port.js');
const { workerHost } = require('./worker.js');

/**
 * What is told of the messages.
 *
 * @typedef {object} Receiver
 * @property {(data: unknown, deliver: (message: unknown) => unknown) => unknown} arrived  `deliver`
 *   has the listeners called
 * @property {() => void} ended  nothing more comes from the other end, which has ended by itself
 */

/**
 * @typedef {object} Host
 * @property {(message: unknown) => unknown} deliver  has the listeners for messages called
 * @property {() => boolean} isHeard  whether there are any
 * @property {(error: unknown) => boolean} fail  tells the listeners for 'messageerror'; whether
 *   there are any
 */

/** @param {unknown} value */
function isWorker(value) {
  return value instanceof workerThreads.Worker;
}

/**
 * Whether it is what messages are posted to and come from. Deno's parentPort is no MessagePort.
 *
 * @param {unknown} value
 */
function isPort(value) {
  if (isWorker(value) || value instanceof workerThreads.MessagePort) return true;
  return value !== null && value === workerThreads.parentPort;
}

/**
 * Has the receiver get all messages of the port from now on.
 *
 * @param {any} port
 * @param {Receiver} receiver
 * @returns {Host}
 */
function attach(port, receiver) {
  if (isWorker(port)) return workerHost(port, receiver);
  return isNodePort(port) ? nodePort(port, receiver) : eventTarget(port, receiver);
}

module.exports = { attach, isPort };
