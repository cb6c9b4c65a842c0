'use strict';

// Tasks leave nothing on the heap of the submitting thread, however they end. Measured in bytes,
// with a tolerance that a leak of eight bytes (one pointer) a task would exceed; for buffers and
// whole pools, which are fewer and larger, with a tolerance that each of them would exceed.

const assert = require('node:assert/strict');
const { runProgram } = require('../../helpers/program.js');
const { test, fixture } = require('../../helpers/pool-session.js');

const FUNCTION = fixture('failures-function.js');
const DOCS = fixture('failures-docs.js');

const BATCH = 500;
const POINTER = 8;

// The growth of the heap, or of all buffers, after `count` tasks submitted in batches to two
// workers. Tasks with buffers go to one worker, because the buffers it received count here until it
// has collected them.
async function measure({ processor, options, source, count, batch, what, enough }) {
  const { WorkerPool } = require('async-hooks-rs');
  const { growth, settle } = require('./__test__/helpers/heap.js');
  const open = (threads) => new WorkerPool(threads, processor ?? undefined, options);
  const pool = open(what === 'buffers' ? 1 : 2);
  pool.on('error', () => {});
  const controller = new AbortController();
  const submit = new Function('pool', 'i', 'done', 'context', source);
  const run = (size) =>
    new Promise((resolve) => {
      let left = size;
      const context = { controller, open, batch: new AbortController() };
      const done = () => {
        if (--left === 0) resolve();
      };
      for (let i = 0; i < size; i++) submit(pool, i, done, context);
      context.batch.abort();
    });
  const work = async (number) => {
    for (let i = 0; i < number; i += batch) await run(batch);
  };
  let bytes;
  if (what === 'buffers') {
    const used = async () => {
      for (let i = 0; i < 3; i++) {
        // finalizers free more than they count
        await pool.run({ action: 'collect' });
        await settle();
      }
      const { arrayBuffers, external } = process.memoryUsage();
      return arrayBuffers + external;
    };
    await work(count / 4);
    const before = await used();
    await work(count);
    bytes = (await used()) - before;
  } else {
    bytes = await growth(work, count, enough);
  }
  await pool.close();
  return bytes;
}

const scenarios = {
  'results': { processor: FUNCTION, source: 'pool.runTask({ action: "add", a: i, b: 1 }, done)' },
  "results of the docs' form": {
    processor: DOCS,
    source: 'pool.runTask({ action: "add", a: i, b: 1 }, done)',
  },
  'native results': { source: 'pool.runTask({ a: i, b: 1 }, done)' },
  'promises': { processor: FUNCTION, source: 'pool.run({ action: "add", a: i, b: 1 }).then(done)' },
  'objects with keys of their own': {
    processor: FUNCTION,
    source: 'pool.runTask({ action: "echo", value: { ["key" + i]: i } }, done)',
  },
  'errors': { processor: FUNCTION, source: 'pool.runTask({ action: "throw" }, done)' },
  'tasks aborted while they wait': {
    processor: FUNCTION,
    source: 'pool.runTask({ action: "add", a: i, b: 1 }, { signal: context.batch.signal }, done)',
  },
  'tasks with a signal that is never aborted': {
    processor: FUNCTION,
    source: `pool.runTask({ action: "add", a: i, b: 1 },
      { signal: context.controller.signal }, done)`,
  },
  'tasks with a time limit': {
    processor: FUNCTION,
    source: 'pool.runTask({ action: "add", a: i, b: 1 }, { timeout: 60_000 }, done)',
  },
  'tasks refused by a full queue': {
    processor: FUNCTION,
    options: { maxQueue: 3 },
    source: 'pool.runTask({ action: "add", a: i, b: 1 }, done)',
  },
  'tasks that cannot be cloned': {
    processor: FUNCTION,
    source: 'pool.runTask({ action: "echo", value() {} }, done)',
  },
  'tasks that only a port carries': {
    processor: FUNCTION,
    source: `const buffer = new ArrayBuffer(8);
      pool.runTask({ action: "echo", value: buffer }, { transferList: [buffer] }, done)`,
  },
  'workers that die': {
    processor: FUNCTION,
    count: 40,
    batch: 10,
    tolerance: 40 * 3000,
    source: 'pool.runTask({ action: "exit", code: 1 }, done)',
  },
  'pools opened and closed': {
    processor: FUNCTION,
    count: 16,
    batch: 4,
    tolerance: 16 * 5000,
    source: `const other = context.open(1);
      other.run({ action: "add", a: 1, b: 1 }).then(() => other.close()).then(done)`,
  },
  'large buffers there and back': {
    processor: FUNCTION,
    count: 400,
    batch: 20,
    what: 'buffers',
    tolerance: 20_000_000,
    source: 'pool.runTask({ action: "echo", value: new Uint8Array(1_000_000) }, done)',
  },
  'large buffers transferred there and back': {
    processor: FUNCTION,
    count: 400,
    batch: 20,
    what: 'buffers',
    tolerance: 20_000_000,
    source: `const { buffer } = new Uint8Array(1_000_000);
      pool.runTask({ action: "echo", value: buffer }, { transferList: [buffer] }, done)`,
  },
};

for (const [name, scenario] of Object.entries(scenarios)) {
  const { count = 20_000, tolerance = 0.75 * POINTER * count, batch = BATCH } = scenario;
  test(`the heap stays where it was: ${name}, ${count} times`, async () => {
    const data = { ...scenario, count, batch, enough: tolerance };
    const bytes = await runProgram(measure, { data, timeout: 120_000 });
    const each = (bytes / count).toFixed(1);
    assert.ok(bytes < tolerance, `${bytes} bytes more, ${each} each time`);
  });
}

test('the measurement would see a leak', async () => {
  const count = 20_000;
  const bytes = await runProgram(measure, {
    data: {
      processor: FUNCTION,
      count,
      batch: BATCH,
      source: `globalThis.leaked = [globalThis.leaked];
        pool.runTask({ action: "add", a: i, b: 1 }, done)`,
    },
    timeout: 120_000,
  });
  assert.ok(bytes > 0.75 * POINTER * count, `${bytes} bytes`);
});
