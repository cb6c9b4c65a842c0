'use strict';

// The public class: checks the arguments of the constructor. The pool itself is lib/queue/.

const { captureStack } = require('./errors/coded.js');
const { Pool } = require('./pool/base.js');
const { QueueDispatcher } = require('./queue/dispatcher.js');
const { queueOptions, queueTaskOptions } = require('./queue/options.js');

/** @typedef {ReturnType<typeof queueTaskOptions>} TaskOptions */

// The connection comes back by itself, so its errors are no reason to end the program.
const QUIET = Object.freeze(['drain', 'error']);

/** @extends {Pool<TaskOptions>} */
class QueuePool extends Pool {
  #name;

  /**
   * @param {unknown} name
   * @param {unknown} [options]
   */
  constructor(name, options) {
    const settings = checked(name, options);
    super('QueuePool', {
      open: (owner) => new QueueDispatcher(settings, owner),
      taskOptions: queueTaskOptions,
      quiet: QUIET,
      hidden: QueuePool,
    });
    this.#name = settings.name;
  }

  get name() {
    return this.#name;
  }
}

/**
 * @param {unknown} name
 * @param {unknown} options
 */
function checked(name, options) {
  try {
    return queueOptions(name, options);
  } catch (error) {
    throw captureStack(error, QueuePool);
  }
}

module.exports = { QueuePool };
