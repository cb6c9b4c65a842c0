'use strict';

// Listeners of a pool that throw, in a program that survives uncaught exceptions: the pool goes on
// with as many threads as before, and can be closed.

const assert = require('node:assert/strict');
const { poolSuite } = require('../../helpers/pool-suite.js');
const { fixture } = require('../../helpers/with-pool.js');
const { runProgram } = require('../../helpers/program.js');

const test = poolSuite();
const TIME = 20_000;

const processors = {
  'native': null,
  'function': fixture('failures-function.js'),
  'docs': fixture('failures-docs.js'),
};

async function closeWithThrowing({ processor, event }) {
  const { WorkerPool } = require('async-hooks-rs');
  const thrown = [];
  process.on('uncaughtException', ({ message }) => thrown.push(message));
  const pool = new WorkerPool(2, processor ?? undefined);
  pool.on(event, (id) => {
    throw new Error(`${typeof id} of ${event}`);
  });
  const task = { action: 'add', a: 1, b: 2 };
  const results = await Promise.all([pool.run(task), pool.run(task), pool.run(task)]);
  await pool.close();
  return { thrown, results, threads: pool.numThreads };
}

for (const [kind, processor] of Object.entries(processors)) {
  for (const event of ['workerCreate', 'workerDestroy']) {
    test(`${kind}: tasks and close() work although a listener of ${event} throws`, async () => {
      const data = { processor, event };
      assert.deepEqual(await runProgram(closeWithThrowing, { data, timeout: TIME }), {
        thrown: Array(2).fill(`number of ${event}`),
        results: [3, 3, 3],
        threads: 0,
      });
    });
  }
}

async function replaceWithThrowing({ processor, deaths }) {
  const { WorkerPool } = require('async-hooks-rs');
  const thrown = [];
  process.on('uncaughtException', ({ message }) => thrown.push(message));
  const pool = new WorkerPool(1, processor);
  pool.on('workerDestroy', () => {
    throw new Error('of a listener');
  });
  const codes = [];
  for (let i = 0; i < deaths; i++) {
    const dies = pool.run({ action: 'exit', code: 3 });
    const next = pool.run({ action: 'add', a: i, b: 1 });
    codes.push(await dies.catch(({ code }) => code), await next);
  }
  const threads = pool.numThreads;
  await pool.close();
  return { thrown, codes, threads };
}

for (const kind of ['function', 'docs']) {
  test(`${kind}: a worker is replaced although the listener of workerDestroy throws`, async () => {
    const data = { processor: processors[kind], deaths: 3 };
    assert.deepEqual(await runProgram(replaceWithThrowing, { data, timeout: TIME }), {
      thrown: Array(4).fill('of a listener'),
      codes: [1, 2, 3].flatMap((sum) => ['ERR_WORKER_POOL_WORKER_EXIT', sum]),
      threads: 1,
    });
  });
}

// Without a listener of 'error' emit() throws; or the listener itself throws.
async function dieIdle({ processor, listens }) {
  const { WorkerPool } = require('async-hooks-rs');
  const thrown = [];
  let told;
  process.on('uncaughtException', ({ message }) => {
    thrown.push(message);
    told();
  });
  const pool = new WorkerPool(1, processor);
  if (listens) {
    pool.on('error', () => {
      throw new Error('of a listener');
    });
  }
  const results = [];
  for (let a = 0; a < 3; a++) {
    const next = new Promise((resolve) => {
      told = resolve;
    });
    results.push(await pool.run({ action: 'replyThenThrow' }));
    const alive = setInterval(() => {}, 1000);
    await next;
    clearInterval(alive);
    results.push(await pool.run({ action: 'add', a, b: 1 }));
  }
  const threads = pool.numThreads;
  await pool.close();
  return { thrown, results, threads };
}

for (const [title, listens, message] of [
  ['without a listener', false, 'after the reply'],
  ['whose listener throws', true, 'of a listener'],
]) {
  test(`a dead idle worker is replaced after an 'error' ${title}`, async () => {
    const data = { processor: processors.function, listens };
    assert.deepEqual(await runProgram(dieIdle, { data, timeout: TIME }), {
      thrown: Array(3).fill(message),
      results: [1, 2, 3].flatMap((sum) => ['replied', sum]),
      threads: 1,
    });
  });
}
