'use strict';

// If the process may not load addons, there is no pool: the constructor says so, and the rest of
// the package works.

const test = require('node:test');
const assert = require('node:assert/strict');
const { runProgram } = require('../../helpers/program.js');
const { mayLoadAddons } = require('../../helpers/pool-suite.js');

const program = async ({ file }) => {
  const { AsyncLocalStorage, WorkerPool } = require('async-hooks-rs');
  const same = WorkerPool === require('async-hooks-rs/worker-pool');
  const errors = [];
  for (const args of [[], [2], [1, { native: 'add' }], [1, file], [1, file, { minThreads: 0 }]]) {
    try {
      new WorkerPool(...args);
    } catch (error) {
      const { name, code, message } = error;
      errors.push({ name, code, message, stack: error.stack.includes('WorkerPool') });
    }
  }
  const storage = new AsyncLocalStorage();
  const store = await storage.run('store', async () => {
    await null;
    return storage.getStore();
  });
  return { same, errors, store };
};

test('the constructor throws ERR_WORKER_POOL_UNAVAILABLE, whatever its processor', async () => {
  const args = mayLoadAddons() ? ['--no-addons'] : [];
  const options = { args, env: { ASYNC_HOOKS_RS_ENGINE: '' }, data: { file: __filename } };
  const { same, errors, store } = await runProgram(program, options);
  assert.deepEqual([same, store], [true, 'store']);
  assert.equal(errors.length, 5);
  for (const error of errors) {
    assert.deepEqual([error.name, error.code], ['Error', 'ERR_WORKER_POOL_UNAVAILABLE']);
    assert.match(error.message, /addon/);
    assert.ok(error.stack);
  }
});

test('threads that were started before the addon was looked for are ended', async () => {
  const args = mayLoadAddons() ? ['--no-addons'] : [];
  const options = { args, env: { ASYNC_HOOKS_RS_ENGINE: '' }, data: { file: __filename } };
  const codes = await runProgram(async ({ file }) => {
    const { WorkerPool } = require('async-hooks-rs');
    const ended = [];
    process.on('worker', (worker) => {
      ended.push(
        new Promise((resolve) => {
          worker.on('exit', resolve);
        }),
      );
    });
    try {
      new WorkerPool(2, file);
    } catch {
      /* as above */
    }
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    return Promise.all(ended); // else the program never ends
  }, options);
  assert.equal(codes.length, 2);
});

test('wrong arguments are refused as usual', async () => {
  const args = mayLoadAddons() ? ['--no-addons'] : [];
  const code = await runProgram(
    () => {
      const { WorkerPool } = require('async-hooks-rs');
      try {
        new WorkerPool(0);
      } catch (error) {
        return error.code;
      }
    },
    { args, env: { ASYNC_HOOKS_RS_ENGINE: '' } },
  );
  assert.ok(['ERR_OUT_OF_RANGE', 'ERR_WORKER_POOL_UNAVAILABLE'].includes(code), code);
});
