'use strict';

// The option `signal`: aborted before the submission, while the task waits, while it runs, and
// after it.

const assert = require('node:assert/strict');
const { getEventListeners } = require('node:events');
const { poolSuite } = require('../../helpers/pool-suite.js');
const { WorkerPool, fixture, withPool, outcomeOf, turns } = require('../../helpers/with-pool.js');
const { Gate, gateFile } = require('../../helpers/pool-gate.js');

const test = poolSuite();
const echo = fixture('function-echo.js');
const gated = (threads, gate) => [threads, gateFile, { workerData: gate.workerData }];
const listeners = (signal) => getEventListeners(signal, 'abort').length;

function checkAborted([err, result], reason) {
  assert.ok(err instanceof Error);
  assert.deepEqual([err.name, err.code], ['AbortError', 'ABORT_ERR']);
  assert.equal(err.cause, reason);
  assert.equal(result, null);
}

test('a task with an aborted signal never runs', async () => {
  const gate = new Gate();
  await withPool(gated(1, gate), async (pool) => {
    const reason = new Error('the reason');
    const signal = AbortSignal.abort(reason);
    checkAborted(await outcomeOf(pool, {}, { signal }), reason);
    await assert.rejects(pool.run({}, { signal }), { name: 'AbortError', cause: reason });
    assert.equal(listeners(signal), 0);
    assert.deepEqual(await outcomeOf(pool, { value: 'next' }), [null, 'next']);
    assert.equal(gate.started, 1);
    assert.deepEqual([pool.completed, pool.failed], [1, 2]);
  });
});

for (const [title, reason] of [
  ['an Error', new TypeError('why')],
  ['a string', 'why'],
  ['a number', 0],
  ['null', null],
]) {
  test(`the reason is the cause of the error: ${title}`, async () => {
    await withPool([1, echo], async (pool) => {
      checkAborted(await outcomeOf(pool, 1, { signal: AbortSignal.abort(reason) }), reason);
    });
  });
}

test("without a reason the cause is the signal's default", async () => {
  await withPool([1, echo], async (pool) => {
    const controller = new AbortController();
    controller.abort();
    checkAborted(await outcomeOf(pool, 1, { signal: controller.signal }), controller.signal.reason);
    assert.equal(controller.signal.reason.name, 'AbortError');
  });
});

test('an aborted waiting task leaves the queue; the others keep their order', async () => {
  const gate = new Gate();
  await withPool(gated(1, gate), async (pool) => {
    const first = outcomeOf(pool, { hold: 1 });
    await gate.reached(1);
    const controllers = Array.from({ length: 10 }, () => new AbortController());
    const order = [];
    const waiting = controllers.map(async ({ signal }, i) => {
      const outcome = await outcomeOf(pool, { value: i }, { signal });
      order.push(i);
      return outcome;
    });
    await turns();
    assert.equal(pool.queueSize, 10);
    for (const i of [0, 3, 9]) controllers[i].abort(i);
    assert.equal(pool.queueSize, 7);
    const aborted = await Promise.all([0, 3, 9].map((i) => waiting[i]));
    aborted.forEach((outcome, i) => checkAborted(outcome, [0, 3, 9][i]));
    gate.open();
    await first;
    await Promise.all(waiting);
    assert.deepEqual(order, [0, 3, 9, 1, 2, 4, 5, 6, 7, 8]);
    assert.equal(gate.started, 8);
    assert.deepEqual([pool.completed, pool.failed], [8, 3]);
  });
});

test('a signal may abort in the tick of the submission', async () => {
  for (const task of [1, { large: 'x'.repeat(1e6) }, new SharedArrayBuffer(1)]) {
    const workerData = new Int32Array(new SharedArrayBuffer(4));
    await withPool([1, fixture('held-start.js'), { workerData }], async (pool) => {
      const controller = new AbortController();
      const outcome = outcomeOf(pool, task, { signal: controller.signal });
      const other = outcomeOf(pool, 'other');
      controller.abort('at once');
      checkAborted(await outcome, 'at once');
      Atomics.store(workerData, 0, 1);
      Atomics.notify(workerData, 0);
      assert.deepEqual(await other, [null, 'other']);
    });
  }
});

test('an abort at any time gives one outcome, and the pool goes on', async () => {
  await withPool([2, echo], async (pool) => {
    let aborted = 0;
    for (let i = 0; i < 200; i++) {
      const controller = new AbortController();
      // The latter is sent when this thread has turned, so some are aborted in any case.
      const task = i % 2 === 0 ? i : new SharedArrayBuffer(i);
      const outcome = outcomeOf(pool, task, { signal: controller.signal });
      for (let turn = 0; turn < i % 5; turn++) await new Promise(setImmediate);
      controller.abort(i);
      const [err, result] = await outcome;
      if (err === null) {
        assert.equal(result.byteLength ?? result, i);
      } else {
        aborted++;
        checkAborted([err, result], i);
      }
    }
    assert.deepEqual([pool.completed, pool.failed], [200 - aborted, aborted]);
    assert.ok(aborted > 0);
  });
});

for (const [title, task] of [
  ['that waits for something', { hold: 1 }],
  ['in an endless loop', 'loop'],
  ['whose promise is never resolved', 'never'],
]) {
  test(`aborting a running task ${title} replaces its worker`, async () => {
    const gate = new Gate();
    const file = title.startsWith('that') ? gateFile : fixture('signal-endless.js');
    await withPool([1, file, { workerData: gate.workerData }], async (pool) => {
      const destroyed = [];
      pool.on('workerDestroy', (id) => destroyed.push(id));
      for (let i = 1; i <= 2; i++) {
        const controller = new AbortController();
        const running = outcomeOf(pool, task, { signal: controller.signal });
        const waiting = outcomeOf(pool, { value: `after ${i}` });
        await gate.reached(2 * i - 1);
        controller.abort(i);
        checkAborted(await running, i);
        assert.deepEqual(await waiting, [null, `after ${i}`]);
      }
      assert.equal(destroyed.length, 2);
      assert.deepEqual([pool.completed, pool.failed], [2, 2]);
    });
  });
}

test('an abort ends a docs processor that never replies', async () => {
  const gate = new Gate();
  const file = fixture('signal-silent.js');
  await withPool([1, file, { workerData: gate.workerData }], async (pool) => {
    const controller = new AbortController();
    const silent = outcomeOf(pool, 'silent', { signal: controller.signal });
    const echoed = outcomeOf(pool, 'echo');
    await gate.reached(1);
    controller.abort('never');
    checkAborted(await silent, 'never');
    assert.deepEqual(await echoed, [null, 'echo']);
  });
});

test('an abort stops only the worker of its task', async () => {
  const gate = new Gate();
  await withPool(gated(2, gate), async (pool) => {
    const controller = new AbortController();
    const aborted = outcomeOf(pool, { hold: 1 }, { signal: controller.signal });
    await gate.reached(1);
    const other = outcomeOf(pool, { hold: 1, value: 'other' });
    await gate.reached(2);
    controller.abort();
    checkAborted(await aborted, controller.signal.reason);
    gate.open();
    assert.deepEqual(await other, [null, 'other']);
  });
});

test('an abort after the task does nothing', async () => {
  await withPool([1, fixture('function-counter.js')], async (pool) => {
    const controller = new AbortController();
    const { signal } = controller;
    assert.deepEqual(await outcomeOf(pool, null, { signal }), [null, 1]);
    assert.equal(listeners(signal), 0);
    controller.abort();
    await turns();
    assert.deepEqual(await outcomeOf(pool, null), [null, 2]); // in the same worker
    assert.deepEqual([pool.completed, pool.failed], [2, 0]);
  });
});

test('an abort in the callback of its task does nothing', async () => {
  await withPool([1, fixture('function-counter.js')], async (pool) => {
    const controller = new AbortController();
    let calls = 0;
    await new Promise((resolve) => {
      pool.runTask(null, { signal: controller.signal }, () => {
        calls++;
        controller.abort();
        resolve();
      });
    });
    assert.deepEqual(await outcomeOf(pool, null), [null, 2]);
    assert.equal(calls, 1);
  });
});

test('one signal for 10,000 tasks has one listener, and none when they are done', async () => {
  const gate = new Gate();
  await withPool(gated(1, gate), async (pool) => {
    const { signal } = new AbortController();
    const outcomes = Array.from({ length: 10_000 }, (_, i) =>
      outcomeOf(pool, { hold: 1, value: i }, { signal }),
    );
    assert.equal(listeners(signal), 1);
    await gate.reached(1);
    gate.open();
    for (const [i, outcome] of (await Promise.all(outcomes)).entries()) {
      assert.deepEqual(outcome, [null, i]);
    }
    assert.equal(listeners(signal), 0);
  });
});

test('one signal aborts 10,000 tasks, each once', async () => {
  const gate = new Gate();
  await withPool(gated(2, gate), async (pool) => {
    const controller = new AbortController();
    const { signal } = controller;
    const aborted = Array.from({ length: 10_000 }, () => outcomeOf(pool, { hold: 1 }, { signal }));
    const kept = outcomeOf(pool, { value: 'kept' });
    await gate.reached(2);
    controller.abort('all');
    assert.equal(listeners(signal), 0);
    for (const outcome of await Promise.all(aborted)) checkAborted(outcome, 'all');
    assert.deepEqual(await kept, [null, 'kept']);
    assert.deepEqual([pool.completed, pool.failed, gate.started], [1, 10_000, 3]);
  });
});

test('one signal may serve several pools, and one pool many signals', async () => {
  const gate = new Gate();
  const pools = [1, 2].map(() => new WorkerPool(...gated(1, gate)));
  const controllers = Array.from({ length: 50 }, () => new AbortController());
  const outcomes = controllers.flatMap(({ signal }) =>
    pools.map((pool) => outcomeOf(pool, { hold: 1 }, { signal })),
  );
  await gate.reached(2);
  for (const [i, controller] of controllers.entries()) controller.abort(i);
  const settled = await Promise.all(outcomes);
  settled.forEach((outcome, i) => checkAborted(outcome, Math.floor(i / 2)));
  for (const { signal } of controllers) assert.equal(listeners(signal), 0);
  await Promise.all(pools.map((pool) => pool.close()));
});

test('AbortSignal.timeout() and AbortSignal.any() work', async () => {
  const gate = new Gate();
  await withPool(gated(1, gate), async (pool) => {
    const [err] = await outcomeOf(pool, { hold: 1 }, { signal: AbortSignal.timeout(5) });
    checkAborted([err, null], err.cause);
    assert.equal(err.cause.name, 'TimeoutError');
    const controller = new AbortController();
    const signal = AbortSignal.any([controller.signal, new AbortController().signal]);
    const outcome = outcomeOf(pool, { hold: 1 }, { signal });
    controller.abort('any');
    checkAborted(await outcome, 'any');
  });
});
