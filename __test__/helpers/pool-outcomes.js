'use strict';

// Every way in which a task can be settled, each as a short play: a pool, preparations before the
// tasks are submitted, their submission, and the event that settles them.

const { fixture, withPool } = require('./with-pool.js');
const { Gate, gateFile } = require('./pool-gate.js');

/** The number of tasks that `play()` submits. */
const TASKS = 3;

const gated =
  (threads, options) =>
  ({ gate }) => [threads, gateFile, { ...options, workerData: gate.workerData }];

async function holdTheThread(pool, { gate }) {
  pool.runTask({ hold: 9 }, () => {});
  await gate.reached(1);
}

const allRun = ({ gate }) => gate.reached(TASKS);
const abort = ({ controller }) => controller.abort(new Error('the reason'));
const signal = ({ controller }) => ({ signal: controller.signal });

/**
 * By name: `pool` returns the arguments of the constructor, `code` is that of the error, undefined
 * without an error; `message` replaces it if the error is the task's own.
 */
const outcomes = {
  'a native result': { pool: () => [1], task: { a: 1, b: 2 } },
  'a result of a function': { pool: () => [2, fixture('function-echo.js')], task: 1 },
  'a result of a function, later': {
    pool: gated(TASKS),
    task: { hold: 1 },
    after: async (pool, { gate }) => {
      await gate.reached(TASKS);
      gate.open();
    },
  },
  'a result of a docs processor': { pool: () => [2, fixture('docs-echo.js')], task: 1 },
  'a result by port': {
    pool: () => [1, fixture('function-echo.js')],
    task: new SharedArrayBuffer(1),
  },
  'a native error': { pool: () => [1], task: {}, code: 'ERR_WORKER_POOL_NATIVE_TASK' },
  'an error of a function': {
    pool: () => [1, fixture('function-errors.js')],
    task: { kind: 'TypeError', how: 'rejects' },
    message: 'a TypeError',
  },
  'an error of a docs processor': {
    pool: () => [1, fixture('docs-throws.js')],
    task: 'text',
    message: 'thrown for text',
  },
  'a result after waiting': {
    pool: gated(1),
    before: holdTheThread,
    task: {},
    after: (pool, { gate }) => gate.open(9),
  },
  'aborted before': {
    pool: () => [1, fixture('function-echo.js')],
    task: 1,
    before: (pool, props) => abort(props),
    options: signal,
    code: 'ABORT_ERR',
  },
  'aborted while waiting': {
    pool: gated(1),
    before: holdTheThread,
    task: {},
    options: signal,
    after: (pool, props) => abort(props),
    code: 'ABORT_ERR',
  },
  'aborted while running': {
    pool: gated(TASKS),
    task: { hold: 1 },
    options: signal,
    after: async (pool, props) => {
      await allRun(props);
      abort(props);
    },
    code: 'ABORT_ERR',
  },
  'timeout': {
    pool: gated(TASKS),
    task: { hold: 1 },
    options: () => ({ timeout: 20 }),
    code: 'ERR_WORKER_POOL_TASK_TIMEOUT',
  },
  'a full queue': {
    pool: gated(1, { maxQueue: 0 }),
    before: holdTheThread,
    task: {},
    code: 'ERR_WORKER_POOL_QUEUE_FULL',
  },
  'closed before': {
    pool: () => [1],
    before: (pool) => pool.close(),
    task: { a: 1, b: 2 },
    code: 'ERR_WORKER_POOL_CLOSED',
  },
  'closed while waiting': {
    pool: gated(1),
    before: holdTheThread,
    task: {},
    after: (pool) => pool.close(),
    code: 'ERR_WORKER_POOL_CLOSED',
  },
  'closed while running': {
    pool: gated(TASKS),
    task: { hold: 1 },
    after: async (pool, props) => {
      await allRun(props);
      await pool.close();
    },
    code: 'ERR_WORKER_POOL_CLOSED',
  },
  'a task that cannot be cloned': {
    pool: () => [1, fixture('function-echo.js')],
    task: () => {},
    code: 'ERR_WORKER_POOL_NOT_CLONEABLE',
  },
  'a result that cannot be cloned': {
    pool: () => [1, fixture('function-uncloneable.js')],
    task: 1,
    code: 'ERR_WORKER_POOL_NOT_CLONEABLE',
  },
  'the worker exits': {
    pool: () => [2, fixture('function-exit.js')],
    task: 3,
    code: 'ERR_WORKER_POOL_WORKER_EXIT',
  },
  'the worker does not start': {
    pool: () => [1, fixture('no-such-file.js')],
    task: 1,
    code: 'ERR_WORKER_POOL_WORKER_START',
  },
};

/**
 * Plays one of them: calls `submit(send, i)` for each of the tasks, which must return the promise of
 * `send((pool, task, options) => …)`, or of several. Everything else runs in the scope of the
 * caller. Returns the results of the promises.
 */
async function play({ pool: argumentsOf, before, task, options, after }, submit) {
  const props = { gate: new Gate(), controller: new AbortController() };
  return withPool(argumentsOf(props), async (pool) => {
    await before?.(pool, props);
    const send = (way) => way(pool, task, options?.(props));
    const settled = Promise.all(Array.from({ length: TASKS }, (_, i) => submit(send, i)));
    await after?.(pool, props);
    return settled;
  });
}

/** Throws unless the error is that of the outcome. */
function check(assert, { code, message }, err) {
  if (code === undefined && message === undefined) return assert.equal(err, null);
  assert.ok(err instanceof Error);
  if (message !== undefined) assert.equal(err.message, message);
  else assert.equal(err.code, code, err);
}

module.exports = { TASKS, outcomes, play, check };
