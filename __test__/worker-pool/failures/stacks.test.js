'use strict';

// The stacks of the pool's errors begin in the user's code: at the refused call, at the function
// that awaits the promise, or, with `asyncStackTraces`, at the submission of the task.

const assert = require('node:assert/strict');
const { poolSuite } = require('../../helpers/pool-suite.js');
const { Gate, gateFile } = require('../../helpers/pool-gate.js');
const { fixture, outcomeOf, withPool } = require('../../helpers/with-pool.js');
const { WorkerPool } = require('../../../index.js');

const test = poolSuite();
const NATIVE = { native: 'add' };
const actions = fixture('failures-function.js');

const framesOf = ({ stack }) => stack.split('\n').filter((line) => line.startsWith('    at '));

function assertNames(error, name, code) {
  assert.equal(error.code, code);
  const [title] = error.stack.split('\n');
  assert.match(title, new RegExp(`^\\w*Error \\[${code}\\]: `));
  assert.ok(error.stack.startsWith(`${title.slice(0, title.indexOf(': '))}: ${error.message}`));
  // Microtasks run in a function of Node.
  const [first = '(no frames)'] = framesOf(error).filter(
    (line) => !line.includes('(node:internal/'),
  );
  assert.match(first, new RegExp(`\\b${name}\\b`));
}

// Asynchronous failures: the arguments of the pool, and a task with its options.
const failing = {
  timeout: ['ERR_WORKER_POOL_TASK_TIMEOUT', [actions], { action: 'loop' }, { timeout: 1 }],
  'native refusal': ['ERR_WORKER_POOL_NATIVE_TASK', [NATIVE], 'no sum'],
  exit: ['ERR_WORKER_POOL_WORKER_EXIT', [actions], { action: 'exit', code: 3 }],
  'missing file': ['ERR_WORKER_POOL_WORKER_START', [fixture('no-such-file.js')], 1],
  'result that cannot be cloned': [
    'ERR_WORKER_POOL_NOT_CLONEABLE',
    [actions],
    { action: 'returnFunction' },
  ],
};

for (const [title, [code, [file], task, options]] of Object.entries(failing)) {
  test(`${title}: a stack begins where it is awaited`, () =>
    withPool([1, file], async (pool) => {
      async function userFunction() {
        await pool.run(task, options);
      }
      assertNames(await userFunction().catch((error) => error), 'userFunction', code);
      async function throughOthers() {
        await Promise.all([pool.run(task, options).then((value) => value)]);
      }
      const { stack } = await throughOthers().catch((error) => error);
      assert.match(stack, /\bthroughOthers\b/);
    }));

  test(`${title}: with asyncStackTraces the stack begins at the submission`, () =>
    withPool([1, file, { asyncStackTraces: true }], async (pool) => {
      function userFunction() {
        return [
          outcomeOf(pool, task, ...(options === undefined ? [] : [options])),
          pool.run(task, options).catch((error) => error),
        ];
      }
      const [[ofCallback], ofPromise] = await Promise.all(userFunction());
      assertNames(ofPromise, 'userFunction', code);
      assert.equal(ofCallback.code, code);
      assert.match(ofCallback.stack, /\buserFunction\b/);
      assert.doesNotMatch(framesOf(ofCallback).join(), /[\\/]lib[\\/]/);
    }));

  test(`${title}: a callback sees no internals`, () =>
    withPool([1, file], async (pool) => {
      const [error] = await outcomeOf(pool, task, ...(options === undefined ? [] : [options]));
      assert.equal(error.code, code);
      assert.ok(error.stack.includes(error.message));
      assert.doesNotMatch(framesOf(error).join(), /[\\/]lib[\\/]/);
    }));
}

test('the stack of an abort begins at the awaiting function; its reason is the cause', async () => {
  const gate = new Gate();
  await withPool([1, gateFile, { workerData: gate.workerData }], async (pool) => {
    const controller = new AbortController();
    async function userFunction() {
      await pool.run({ hold: 1 }, { signal: controller.signal });
    }
    const ended = userFunction().catch((error) => error);
    await gate.reached(1);
    const reason = new TypeError('of the user');
    controller.abort(reason);
    const error = await ended;
    assertNames(error, 'userFunction', 'ABORT_ERR');
    assert.equal(error.cause, reason);
    gate.open();
  });
});

for (const asyncStackTraces of [false, true]) {
  const place = asyncStackTraces ? 'their submission' : 'that call';
  test(`the stack of waiting tasks that are aborted begins at ${place}`, async () => {
    const gate = new Gate();
    const options = { workerData: gate.workerData, asyncStackTraces };
    await withPool([1, gateFile, options], async (pool) => {
      const running = pool.run({ hold: 1 });
      await gate.reached(1);
      async function userRun() {
        await pool.run({});
      }
      function userAbort() {
        pool.abortWaiting();
      }
      const ended = userRun().catch((error) => error);
      userAbort();
      assertNames(await ended, asyncStackTraces ? 'userRun' : 'userAbort', 'ABORT_ERR');
      gate.open();
      await running;
    });
  });
}

// Calls that are refused at once.
const refused = {
  closed: [
    'ERR_WORKER_POOL_CLOSED',
    (pool) => {
      pool.close();
      return [1];
    },
  ],
  aborted: ['ABORT_ERR', () => [1, { signal: AbortSignal.abort() }]],
  'not cloneable': ['ERR_WORKER_POOL_NOT_CLONEABLE', () => [() => {}]],
  'queue full': [
    'ERR_WORKER_POOL_QUEUE_FULL',
    (pool) => {
      for (let i = 0; i < 2; i++) pool.run({ hold: 1 }).catch(() => {});
      return [1];
    },
  ],
  'wrong options': ['ERR_INVALID_ARG_TYPE', () => [1, { timeout: 'soon' }]],
};

for (const [title, [code, prepare]] of Object.entries(refused)) {
  test(`${title}: the stack begins at the call`, async () => {
    const gate = new Gate();
    const options = { workerData: gate.workerData, maxQueue: 1 };
    await withPool([1, gateFile, options], async (pool) => {
      const [task, taskOptions] = prepare(pool);
      const userRun = () => pool.run(task, taskOptions);
      assertNames(await userRun().catch((error) => error), 'userRun', code);
      const userRunTask = () =>
        new Promise((resolve) => {
          pool.runTask(task, taskOptions ?? {}, (error) => resolve(error));
        });
      const error = await userRunTask().catch((thrown) => thrown);
      assert.match(error.stack.split('\n')[1], /userRunTask|stacks\.test\.js/);
      gate.open();
    });
  });
}

test('the stacks of a rank that is none begin at the call', async () => {
  const ways = {
    userRun: (pool) => pool.run(1),
    userRunTask: (pool) => pool.runTask(1, () => {}),
    userCall: (pool) => pool.call.name(1),
    userRunSync: (pool) => pool.runSync(1),
    userStream: (pool) => pool.stream(1),
    userMap: (pool) => pool.map([1]).next(),
  };
  await withPool([1, gateFile, { queueOrder: () => NaN }], async (pool) => {
    for (const [name, way] of Object.entries(ways)) {
      const failed = new Promise((resolve) => resolve(way(pool)));
      const error = await failed.catch((reason) => reason);
      assertNames(error, name, 'ERR_WORKER_POOL_QUEUE_ORDER');
    }
  });
});

test('the stacks of all errors of close() begin at its call', async () => {
  const gate = new Gate();
  const pool = new WorkerPool(1, gateFile, { workerData: gate.workerData });
  const errors = Promise.all(
    Array.from({ length: 3 }, () => pool.run({ hold: 1 }).catch((error) => error)),
  );
  const userClose = () => pool.close();
  await userClose();
  for (const error of await errors) assertNames(error, 'userClose', 'ERR_WORKER_POOL_CLOSED');
});

test("the stacks of errors of the constructor begin at its call, ours and Node's", () => {
  const userConstructor = (...args) => new WorkerPool(...args);
  const thrown = (...args) => {
    try {
      userConstructor(...args);
    } catch (error) {
      return error;
    }
  };
  assertNames(thrown('x'), 'userConstructor', 'ERR_INVALID_ARG_TYPE');
  assertNames(thrown(0), 'userConstructor', 'ERR_OUT_OF_RANGE');
  assertNames(thrown(1, ''), 'userConstructor', 'ERR_OUT_OF_RANGE');
  assertNames(thrown(1, { native: 'none' }), 'userConstructor', 'ERR_WORKER_POOL_NATIVE_UNKNOWN');
  assertNames(
    thrown(1, gateFile, { execArgv: ['--no-such-flag'] }),
    'userConstructor',
    'ERR_WORKER_INVALID_EXEC_ARGV',
  );
});

test('errors of the task, and of a getter of its value, keep their own stacks', () =>
  withPool([1, actions], async (pool) => {
    const thrown = await pool.run({ action: 'throw' }).catch((error) => error);
    assert.match(thrown.stack, /failures-actions\.js/);
    const own = new Error('of a getter');
    const { stack } = own;
    assert.equal(
      await pool
        .run({
          get a() {
            throw own;
          },
        })
        .catch((error) => error),
      own,
    );
    assert.equal(own.stack, stack);
  }));
