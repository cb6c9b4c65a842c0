'use strict';

// What a worker is told first.

const { parentPort, receiveMessageOnPort } = require('node:worker_threads');
const { noAddon } = require('../errors/pool.js');
const { chooseAddon, loadAddon } = require('../package/addon.js');

/**
 * How a process is started that runs the processor in place of the thread.
 *
 * @typedef {object} ProcessSettings
 * @property {string} program
 * @property {string[]} execArgv
 * @property {Record<string, string | undefined>} env
 * @property {readonly unknown[]} argv
 * @property {unknown} workerData
 */

/**
 * @typedef {import('node:worker_threads').MessagePort} MessagePort
 * @typedef {{ ticket: string, port: MessagePort }} Lane  where one task runs at a time
 * @typedef {{ lanes: Lane[], control: MessagePort, url: string,
 *   file: string | undefined, source: string | undefined, name: string | undefined,
 *   contexts: readonly import('../contexts/context.js').Description[] | undefined,
 *   sparesAborted: boolean,
 *   broadcast: { number: number, value: unknown } | undefined, maxMemory: number,
 *   nice: number, addon: string, process: ProcessSettings | undefined }} Configuration
 */

/** The first message, which the pool posts when it makes the worker. */
function configuration() {
  const cell = new Int32Array(new SharedArrayBuffer(4));
  for (;;) {
    const received = receiveMessageOnPort(/** @type {MessagePort} */ (parentPort));
    if (received !== undefined) return received.message;
    Atomics.wait(cell, 0, 0, 1); // it is on the way
  }
}

/** @param {string} file  the binary of the thread that has the pool */
function loadedFrom(file) {
  chooseAddon(file);
  const { addon, refusal } = loadAddon();
  if (addon === undefined) throw noAddon(refusal);
  return addon;
}

module.exports = { configuration, loadedFrom };
