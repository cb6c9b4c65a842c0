'use strict';

// A pool's metrics and spans for OpenTelemetry. Its API is not needed for that: the program brings
// the objects.

const diagnostics = require('node:diagnostics_channel');
const { SafeMap } = require('../node/safe-map.js');
const { ownOptions } = require('../pool/options.js');
const { hasThreads, isPool, wrongType } = require('./arguments.js');
const { memoryOf } = require('./memory.js');

/** @typedef {import('../../metrics.js').InstrumentOptions} InstrumentOptions */
/** @typedef {import('../../worker-pool-observation.js').WorkerPoolTaskMessage} Message */
/** @typedef {Record<string, string | number>} Attributes */

const PREFIX = 'worker_pool';
const ERROR = 2; // SpanStatusCode.ERROR
const SECONDS = 1e-3; // of a millisecond
const METHODS_OF_METERS = [
  'createHistogram',
  'createObservableUpDownCounter',
  'addBatchObservableCallback',
  'removeBatchObservableCallback',
];

/**
 * Measures a pool, until the function that is returned is called.
 *
 * @param {any} pool
 * @param {any} options
 */
function instrument(pool, options) {
  if (!isPool(pool)) throw wrongType('pool', 'a WorkerPool or a QueuePool', pool, instrument);
  if (typeof options !== 'object' || options === null) {
    throw wrongType('options', 'of type object', options, instrument);
  }
  const own = ownOptions(options, ['name', 'meter', 'tracer']);
  const { name, meter, tracer } = /** @type {InstrumentOptions} */ (own);
  if (name !== undefined && typeof name !== 'string') {
    throw wrongType('options.name', 'of type string', name, instrument);
  }
  if (meter === undefined && tracer === undefined) {
    throw wrongType('options.meter', 'a Meter, or "options.tracer" a Tracer', meter, instrument);
  }
  if (meter !== undefined && !hasMethods(meter, METHODS_OF_METERS)) {
    throw wrongType('options.meter', 'a Meter of OpenTelemetry 1.3 or later', meter, instrument);
  }
  if (tracer !== undefined && !hasMethods(tracer, ['startSpan'])) {
    throw wrongType('options.tracer', 'a Tracer of OpenTelemetry', tracer, instrument);
  }
  /** @type {Attributes} */
  const common = name === undefined ? {} : { [`${PREFIX}.name`]: name };
  const ends = [
    ...(meter === undefined ? [] : measure(pool, meter, common)),
    ...(tracer === undefined ? [] : [span(pool, tracer, common)]),
  ];
  return () => {
    for (const end of ends.splice(0)) end();
  };
}

/**
 * By their interface, as pools.
 *
 * @param {any} value
 * @param {readonly string[]} names
 */
const hasMethods = (value, names) => names.every((name) => typeof value?.[name] === 'function');

/**
 * All metrics of the pool.
 *
 * @param {import('./arguments.js').Pool} pool
 * @param {NonNullable<InstrumentOptions['meter']>} meter
 * @param {Attributes} common
 */
const measure = (pool, meter, common) => [
  ...(hasThreads(pool) ? [observeThreads(pool, meter, common)] : []),
  observeQueue(pool, meter, common),
  record(pool, meter, common),
];

/**
 * Metrics of each task that ends.
 *
 * @param {object} pool
 * @param {NonNullable<InstrumentOptions['meter']>} meter
 * @param {Attributes} common
 */
function record(pool, meter, common) {
  /**
   * @param {string} what
   * @param {string} description
   */
  const histogram = (what, description) =>
    meter.createHistogram(`${PREFIX}.task.${what}`, { description, unit: 's' });
  const wait = histogram('wait_time', 'Time from the submission of a task to its start');
  const run = histogram('run_time', 'Time from the start of a task to its end');
  const duration = histogram('duration', 'Time from the submission of a task to its end');
  return listen(pool, 'end', (message) => {
    const attributes = { ...common, ...attributesOf(message) };
    if (message.waitTime !== undefined) wait.record(message.waitTime * SECONDS, attributes);
    if (message.runTime !== undefined) run.record(message.runTime * SECONDS, attributes);
    duration.record(/** @type {number} */ (message.duration) * SECONDS, attributes);
  });
}

/**
 * The waiting tasks, which are read when metrics are collected.
 *
 * @param {import('./arguments.js').Pool} pool
 * @param {NonNullable<InstrumentOptions['meter']>} meter
 * @param {Attributes} common
 */
function observeQueue(pool, meter, common) {
  const waiting = meter.createObservableUpDownCounter(`${PREFIX}.queue.size`, {
    description: 'Tasks that wait for a thread',
    unit: '{task}',
  });
  return observe(meter, [waiting], (result) => {
    result.observe(waiting, pool.queueSize, common);
  });
}

/**
 * The threads, likewise.
 *
 * @param {import('../worker-pool.js').WorkerPool} pool
 * @param {NonNullable<InstrumentOptions['meter']>} meter
 * @param {Attributes} common
 */
function observeThreads(pool, meter, common) {
  const threads = meter.createObservableUpDownCounter(`${PREFIX}.thread.count`, {
    description: 'Threads, by state',
    unit: '{thread}',
  });
  const memory = meter.createObservableUpDownCounter(`${PREFIX}.thread.memory`, {
    description: 'Heap and external memory of the threads, as they have told it last',
    unit: 'By',
  });
  return observe(meter, [threads, memory], (result) => {
    const stats = pool.stats();
    /** @type {Map<string, number>} */
    const states = new SafeMap();
    for (const state of ['starting', 'idle', 'busy', 'leaving', 'stopping']) states.set(state, 0);
    for (const { state } of stats.threads) states.set(state, (states.get(state) ?? 0) + 1);
    states.forEach((count, state) => {
      result.observe(threads, count, { ...common, [`${PREFIX}.thread.state`]: state });
    });
    const bytes = memoryOf(stats.threads);
    if (bytes !== undefined) result.observe(memory, bytes, common);
  });
}

/**
 * @param {NonNullable<InstrumentOptions['meter']>} meter
 * @param {object[]} instruments
 * @param {(result: { observe(instrument: object, value: number, attributes: Attributes): void }) =>
 *   void} read
 */
function observe(meter, instruments, read) {
  meter.addBatchObservableCallback(read, instruments);
  return () => meter.removeBatchObservableCallback(read, instruments);
}

/**
 * A span for each task, below the one that is active at its submission.
 *
 * @param {object} pool
 * @param {NonNullable<InstrumentOptions['tracer']>} tracer
 * @param {Attributes} common
 */
function span(pool, tracer, common) {
  const spans = new WeakMap();
  const ends = [
    listen(pool, 'submit', (message) => {
      const name = `${PREFIX} ${message.export ?? 'task'}`;
      const attributes = { ...common, ...attributesOf(message) };
      spans.set(message, tracer.startSpan(name, { attributes }));
    }),
    listen(pool, 'end', (message) => {
      const started = spans.get(message);
      if (started === undefined) return; // it was submitted before
      for (const [key, value] of Object.entries(measured(message))) {
        if (value !== undefined) started.setAttribute(key, value);
      }
      const { error } = message;
      if (error !== undefined) {
        started.setAttribute('error.type', errorType(error));
        if (error instanceof Error) started.recordException(error);
        started.setStatus({ code: ERROR, message: /** @type {any} */ (error)?.message });
      }
      started.end();
    }),
  ];
  return () => {
    for (const end of ends) end();
  };
}

/** @param {Message} message */
const measured = ({ threadId, waitTime, runTime }) => ({
  'thread.id': threadId,
  [`${PREFIX}.task.wait_time`]: waitTime && waitTime * SECONDS,
  [`${PREFIX}.task.run_time`]: runTime && runTime * SECONDS,
});

/**
 * @param {Message} message
 * @returns {Attributes}
 */
function attributesOf({ export: name, error }) {
  return {
    ...(name !== undefined && { [`${PREFIX}.task.export`]: name }),
    ...(error !== undefined && { 'error.type': errorType(error) }),
  };
}

/** @param {any} error */
const errorType = (error) => `${error?.code ?? error?.name ?? typeof error}`;

/**
 * @param {object} pool
 * @param {string} event
 * @param {(message: Message) => void} listener  of the pool's tasks
 */
function listen(pool, event, listener) {
  const channel = `async-hooks-rs:pool:${event}`;
  /** @param {unknown} message */
  const subscriber = (message) => {
    if (/** @type {Message} */ (message).pool === pool) listener(/** @type {Message} */ (message));
  };
  diagnostics.subscribe(channel, subscriber);
  return () => void diagnostics.unsubscribe(channel, subscriber);
}

module.exports = { instrument };
