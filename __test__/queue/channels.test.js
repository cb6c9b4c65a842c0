'use strict';

// The channels of node:diagnostics_channel, and metrics: what they tell of tasks over a queue.

const { describe, it } = require('node:test');
const assert = require('node:assert/strict');
const diagnostics = require('node:diagnostics_channel');
const { AsyncLocalStorage } = require('../../index.js');
const { instrument, prometheus } = require('../../metrics.js');
const { Gate } = require('./helpers/gate.js');
const { suite } = require('./helpers/suite.js');

const nameOf = (event) => `async-hooks-rs:pool:${event}`;

/** Collects what is published until the end of the test, with what is there at that time. */
function listen(t, storage) {
  const seen = [];
  for (const event of ['submit', 'start', 'error', 'end']) {
    const listener = (message) =>
      seen.push({ event, store: storage.getStore(), message, ...message });
    diagnostics.subscribe(nameOf(event), listener);
    t.after(() => diagnostics.unsubscribe(nameOf(event), listener));
  }
  return seen;
}

/** A meter that notes what it is told, and how to have it read what it reads. */
function recorder() {
  const records = [];
  const callbacks = new Set();
  const meter = {
    createHistogram: (name) => ({ record: (value) => records.push([name, value >= 0]) }),
    createObservableUpDownCounter: (name) => ({ name }),
    addBatchObservableCallback: (callback) => callbacks.add(callback),
    removeBatchObservableCallback: (callback) => callbacks.delete(callback),
  };
  const observed = () => {
    const seen = [];
    for (const read of callbacks) read({ observe: ({ name }, value) => seen.push([name, value]) });
    return seen;
  };
  return { meter, records, observed };
}

describe('metrics of a queue pool', () => {
  const queue = suite();

  it('what its own process knows of it', async (t) => {
    const gate = await Gate.open(t);
    const pool = queue.pool(t);
    const { meter, records, observed } = recorder();
    const end = instrument(pool, { meter });
    const first = pool.run({ act: 'hold', port: gate.port, name: 'held' });
    assert.deepEqual(observed(), [['worker_pool.queue.size', 1]]);
    const options = ['--threads', '1', '--concurrency', '1'];
    await queue.serve(t, pool, { options });
    await gate.arrival('held');
    const second = pool.run({ act: 'echo' });
    while (pool.running === 0) await new Promise(setImmediate);
    assert.deepEqual(observed(), [['worker_pool.queue.size', 1]]);
    gate.release('held');
    await Promise.all([first, second]);
    assert.deepEqual(records, Array(2).fill(['worker_pool.task.duration', true]));
    end();
    assert.deepEqual(observed(), []);
    const lines = prometheus({ far: pool }).split('\n');
    assert.deepEqual(
      lines.filter((line) => line !== '' && !line.startsWith('#')),
      [
        'worker_pool_tasks_completed_total{pool="far"} 2',
        'worker_pool_tasks_failed_total{pool="far"} 0',
        'worker_pool_queue_tasks{pool="far"} 0',
        'worker_pool_tasks_running{pool="far"} 0',
      ],
    );
  });
});

describe('channels of a queue pool', () => {
  const queue = suite();

  it('submission, failure and end of a task, in the context of its submission', async (t) => {
    const storage = new AsyncLocalStorage();
    const pool = queue.pool(t);
    await queue.serve(t, pool);
    const before = pool.run({ act: 'echo', value: 'before' });
    const seen = listen(t, storage);
    assert.equal(await before, 'before');
    assert.deepEqual(seen, [], 'of what was submitted before');

    const submit = (store, task, options) =>
      storage.run(store, () => pool.run(task, options).catch((error) => error));
    assert.equal(await submit('kept', { act: 'echo', value: 1 }, { priority: 3 }), 1);
    const failure = await submit('failed', { act: 'fail', text: 'no' });
    const refusal = await submit('refused', () => {});
    const aborted = await submit('aborted', {}, { signal: AbortSignal.abort() });
    assert.equal(refusal.code, 'ERR_QUEUE_POOL_NOT_CLONEABLE');
    assert.equal(aborted.code, 'ABORT_ERR');

    const failing = (store) => ['submit', 'error', 'end'].map((event) => [event, store]);
    assert.deepEqual(
      seen.map(({ event, store }) => [event, store]),
      [['submit', 'kept'], ['end', 'kept'], ...['failed', 'refused', 'aborted'].flatMap(failing)],
    );
    const [first, end] = seen;
    assert.equal(first.message, end.message);
    const { duration, ...rest } = end.message;
    assert.deepEqual(rest, {
      id: 0,
      pool,
      processor: pool.name,
      export: undefined,
      priority: 3,
      threadId: undefined,
      waitTime: undefined,
      runTime: undefined,
      error: undefined,
    });
    assert.deepEqual([first.duration, duration >= 0], [undefined, true]);
    const errors = seen.filter((each) => each.event === 'end').map(({ error }) => error);
    for (const [i, error] of [undefined, failure, refusal, aborted].entries()) {
      assert.equal(errors[i], error);
    }
  });

  it('a store that is bound to the submission is there at the end, not for the caller', async (t) => {
    const span = new AsyncLocalStorage();
    const channel = diagnostics.channel(nameOf('submit'));
    channel.bindStore(span, ({ id, processor }) => `${processor} ${id}`);
    t.after(() => channel.unbindStore(span));
    const pool = queue.pool(t);
    const seen = listen(t, span);
    const closed = assert.rejects(pool.run(1), { code: 'ERR_QUEUE_POOL_CLOSED' });
    assert.equal(span.getStore(), undefined);
    await pool.close();
    await closed;
    const bound = `${pool.name} 0`;
    assert.deepEqual(
      seen.map(({ event, store }) => [event, store]),
      ['submit', 'error', 'end'].map((event) => [event, bound]),
    );
  });
});
