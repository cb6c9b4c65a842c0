'use strict';

// The package in the main thread and in many Workers at once: each thread has its own engine, and
// the end of one does not affect the others.

const assert = require('node:assert/strict');
const { test } = require('node:test');
const { engine } = require('../../index.js');
const { runProgram } = require('../helpers/program.js');

// Runs until it is told to end, and reports errors. `data` is the way to end.
const worker = `
  const { parentPort, threadId, workerData } = require('node:worker_threads');
  const { AsyncLocalStorage, engine } = require('async-hooks-rs');
  const storage = new AsyncLocalStorage();
  const wrong = [];
  let rounds = 0;
  const check = (id) => { if (storage.getStore() !== id) wrong.push([id, storage.getStore()]); };
  const journey = (id) => storage.run(id, async () => {
    await null;
    check(id);
    await new Promise((resolve) => setImmediate(resolve));
    check(id);
    await new Promise((resolve) => setTimeout(resolve, 1));
    check(id);
  });
  (async () => {
    check(undefined);
    for (;;) {
      await Promise.all(Array.from({ length: 20 }, (_, i) => journey(threadId + '.' + i)));
      check(undefined);
      if (++rounds === 3) {
        parentPort.postMessage({ wrong, engine: engine().name });
        if (workerData === 'natural') break;
        if (workerData === 'exit') storage.run('at exit', () => process.exit(0));
        if (workerData === 'error') storage.run('at exit', () => { throw new Error('expected'); });
      }
    }
  })();
`;

function runWorkers(endings) {
  return runProgram(
    async ({ source, ends }) => {
      const { Worker } = require('node:worker_threads');
      const { AsyncLocalStorage, engine: describe } = require('async-hooks-rs');
      const storage = new AsyncLocalStorage();
      let going = true;
      const wrong = [];
      const check = (id) => {
        if (storage.getStore() !== id) wrong.push([id, storage.getStore()]);
      };
      const own = (async () => {
        for (let i = 0; going; i++) {
          await storage.run(i, async () => {
            await new Promise((resolve) => setTimeout(resolve, 1));
            check(i);
          });
          check(undefined);
        }
      })();
      const results = await Promise.all(
        ends.map((ending) =>
          storage.run(ending, async () => {
            const thread = new Worker(source, { eval: true, workerData: ending });
            thread.on('error', () => {});
            const message = new Promise((resolve) => thread.on('message', resolve));
            const exit = new Promise((resolve) => thread.on('exit', resolve));
            const report = await message;
            check(ending);
            if (ending === 'terminate') await thread.terminate();
            const code = await exit;
            check(ending);
            return { ...report, ending, code };
          }),
        ),
      );
      going = false;
      await own;
      return { wrong, results, engine: describe().name };
    },
    { data: { source: worker, ends: endings } },
  );
}

const codes = { natural: 0, exit: 0, terminate: 1, error: 1 };

for (const endings of [
  Array(8).fill('natural'),
  Array(8).fill('terminate'),
  ['natural', 'exit', 'terminate', 'error', 'natural', 'exit', 'terminate', 'error'],
]) {
  test(`eight Workers that end by ${[...new Set(endings)].join(', ')}`, async () => {
    const { wrong, results, engine: name } = await runWorkers(endings);
    assert.deepEqual(wrong, []);
    assert.equal(name, engine().name);
    assert.deepEqual(
      results,
      endings.map((ending) => ({ wrong: [], engine: name, ending, code: codes[ending] })),
    );
  });
}

test('Workers run one after another in a process that has used the package', async () => {
  const { wrong, results } = await runProgram(
    async ({ source }) => {
      const { Worker } = require('node:worker_threads');
      const { AsyncLocalStorage } = require('async-hooks-rs');
      const storage = new AsyncLocalStorage();
      const reports = [];
      const lost = [];
      await storage.run('main', async () => {
        for (let i = 0; i < 4; i++) {
          const thread = new Worker(source, { eval: true, workerData: 'natural' });
          thread.on('message', (report) => reports.push(report.wrong));
          await new Promise((resolve) => thread.on('exit', resolve));
          if (storage.getStore() !== 'main') lost.push(storage.getStore());
        }
      });
      return { wrong: lost, results: reports };
    },
    { data: { source: worker } },
  );
  assert.deepEqual(wrong, []);
  assert.deepEqual(results, [[], [], [], []]);
});
