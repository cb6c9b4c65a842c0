'use strict';

// Checks what users pass to a queue pool. Options are own properties. The errors have no stack yet:
// the public method that was called captures it.

const { URL } = require('node:url'); // not every realm has the global one
const { checkContexts } = require('../contexts/index.js');
const { invalidArgType, notForQueues, outOfRange } = require('../errors/queue.js');
const { NO_OPTIONS } = require('../node/option.js');
const { NO_TIMEOUT } = require('../wire/packet.js');
const { MAX_TIMEOUT, integer, object } = require('../pool/options.js');
const { taskOptions } = require('../pool/tasks/options.js');

const { hasOwn } = Object;

const DEFAULT_SUBMIT_TIMEOUT = 10_000;
const DEFAULT_PREFIX = 'bull'; // BullMQ's

/**
 * How long Redis keeps what has ended, unless the program says something else: long enough to ask
 * for it when the connection was away, and not for ever, as BullMQ does.
 */
const KEPT = Object.freeze({ age: 3600 });

/**
 * The arguments of `new QueuePool()`, checked and completed.
 *
 * @param {unknown} name
 * @param {any} options
 */
function queueOptions(name, options = NO_OPTIONS) {
  object('options', options);
  const submitTimeout = own(options, 'submitTimeout') ?? DEFAULT_SUBMIT_TIMEOUT;
  const contexts = own(options, 'contexts') ?? [];
  const jobs = own(options, 'jobs') ?? NO_OPTIONS;
  return {
    name: queueName('name', name),
    connection: connectionOf('options.connection', own(options, 'connection')),
    prefix: prefixOf('options.prefix', own(options, 'prefix')),
    contexts: checkContexts('options.contexts', contexts),
    submitTimeout: integer('options.submitTimeout', submitTimeout, 1, MAX_TIMEOUT),
    jobs: {
      __proto__: null,
      removeOnComplete: KEPT,
      removeOnFail: KEPT,
      ...object('options.jobs', jobs),
    },
  };
}

/**
 * Redis' keys have the name between colons.
 *
 * @param {string} value
 */
const isQueueName = (value) => value !== '' && !value.includes(':');

/** @param {string} value */
const isRedisUrl = (value) => /^rediss?:\/\//.test(value) && URL.canParse(value);

/**
 * @param {string} label
 * @param {unknown} value
 */
function queueName(label, value) {
  if (typeof value !== 'string') throw invalidArgType(label, 'of type string', value);
  if (!isQueueName(value)) throw outOfRange(label, 'a name without a colon', `'${value}'`);
  return value;
}

/**
 * @param {string} label
 * @param {unknown} value
 */
function prefixOf(label, value = DEFAULT_PREFIX) {
  if (typeof value !== 'string') throw invalidArgType(label, 'of type string', value);
  return value;
}

/**
 * BullMQ makes several connections of one description, and some of them block. So a client that is
 * connected already does not do.
 *
 * @param {string} label
 * @param {unknown} value
 */
function connectionOf(label, value = NO_OPTIONS) {
  if (typeof value === 'string') {
    if (isRedisUrl(value)) return { url: value };
    // Not the value: there may be a password in it.
    throw outOfRange(label, 'a redis: or rediss: URL', 'something else');
  }
  const given = /** @type {any} */ (object(label, value));
  if (typeof given.duplicate === 'function' || typeof given.connect === 'function') {
    throw invalidArgType(label, 'a URL or the options of a connection, not a client', value);
  }
  return { ...given };
}

/**
 * The options of one task: those of a worker pool, but for what does not reach another process.
 *
 * @param {any} options
 */
function queueTaskOptions(options) {
  const { signal, timeout, priority } = taskOptions(withoutLocal(options), false);
  return { signal, timeout: timeout === NO_TIMEOUT ? undefined : timeout, priority };
}

/** @param {any} options */
function withoutLocal(options) {
  if (options === undefined) return undefined;
  object('options', options);
  if (own(options, 'transferList') !== undefined) {
    throw notForQueues('options.transferList', 'nothing can be moved to another process');
  }
  if (own(options, 'onProgress') !== undefined) {
    throw notForQueues('options.onProgress', 'servers report no progress of a task');
  }
  if (own(options, 'export') !== undefined) {
    throw notForQueues('options.export', 'a server runs one function');
  }
  if (own(options, 'processor') !== undefined) {
    throw notForQueues('options.processor', 'a server runs one file');
  }
  if (own(options, 'attempt') !== undefined) {
    throw notForQueues('options.attempt', 'BullMQ counts the attempts');
  }
  if (own(options, 'key') !== undefined) {
    throw notForQueues('options.key', 'each task goes to any server');
  }
  return options;
}

/**
 * @param {object} options
 * @param {string} name
 */
function own(options, name) {
  return hasOwn(options, name) ? /** @type {any} */ (options)[name] : undefined;
}

module.exports = { isQueueName, isRedisUrl, queueOptions, queueTaskOptions };
