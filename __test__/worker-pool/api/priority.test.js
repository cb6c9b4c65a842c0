'use strict';

// The option `priority`: the order in which threads take waiting tasks.

const assert = require('node:assert/strict');
const { poolSuite } = require('../../helpers/pool-suite.js');
const { withPool, outcomeOf } = require('../../helpers/with-pool.js');
const { Gate, gateFile } = require('../../helpers/pool-gate.js');

const test = poolSuite();

/** The order in which one thread takes waiting tasks with these options. */
async function orderOf(list, meanwhile = () => {}) {
  const gate = new Gate();
  return withPool([1, gateFile, { workerData: gate.workerData }], async (pool) => {
    const first = outcomeOf(pool, { hold: 1 });
    await gate.reached(1);
    const order = [];
    const waiting = list.map((options, i) =>
      outcomeOf(pool, { value: i }, options).then(([err, result]) =>
        err === null ? order.push(result) : undefined,
      ),
    );
    await meanwhile();
    await new Promise(setImmediate); // the tasks of a tick go in one batch, at its end
    gate.open();
    await Promise.all([first, ...waiting]);
    return order;
  });
}

const priorities = (...list) => list.map((priority) => ({ priority }));

/** Positions by priority, and by the order of submission within a priority. */
const expected = (list) =>
  list
    .map(({ priority = 0 } = {}, i) => ({ priority, i }))
    .sort((a, b) => b.priority - a.priority || a.i - b.i)
    .map(({ i }) => i);

test('without priorities, tasks keep the order of submission', async () => {
  const order = await orderOf(Array(50).fill(undefined));
  assert.deepEqual(
    order,
    Array.from({ length: 50 }, (_, i) => i),
  );
});

test('higher priorities come first, and the default is 0', async () => {
  assert.deepEqual(await orderOf([{ priority: -1 }, {}, { priority: 1 }]), [2, 1, 0]);
});

test('the extreme priorities are accepted', async () => {
  assert.deepEqual(await orderOf(priorities(-100, 100, 0, -100, 100, 0)), [1, 4, 2, 5, 0, 3]);
});

test('tasks of the same priority keep the order of submission', async () => {
  const list = priorities(...Array.from({ length: 300 }, (_, i) => ((i * 7919) % 13) - 6));
  assert.deepEqual(await orderOf(list), expected(list));
});

test('every priority works, ascending and descending', async () => {
  const all = Array.from({ length: 201 }, (_, i) => i - 100);
  for (const list of [priorities(...all), priorities(...all.reverse())]) {
    assert.deepEqual(await orderOf(list), expected(list));
  }
});

test('tasks with and without priority, in several ticks, are ordered', async () => {
  const gate = new Gate();
  await withPool([1, gateFile, { workerData: gate.workerData }], async (pool) => {
    const first = outcomeOf(pool, { hold: 1 });
    await gate.reached(1);
    const order = [];
    const submit = (value, options) =>
      outcomeOf(pool, { value }, options).then(() => order.push(value));
    const waiting = [submit('normal')];
    await null;
    waiting.push(submit('low', { priority: -5 }), submit('high', { priority: 5 }));
    await new Promise(setImmediate);
    waiting.push(submit('normal too', { priority: 0 }), submit('highest', { priority: 6 }));
    await new Promise(setImmediate); // the tasks of a tick go in one batch, at its end
    gate.open();
    await Promise.all([first, ...waiting]);
    assert.deepEqual(order, ['highest', 'high', 'normal', 'normal too', 'low']);
  });
});

test('a running task is not interrupted', async () => {
  const gate = new Gate();
  await withPool([1, gateFile, { workerData: gate.workerData }], async (pool) => {
    const order = [];
    const submit = (task, options) =>
      outcomeOf(pool, task, options).then(([, result]) => order.push(result));
    const low = submit({ hold: 1, value: 'low' }, { priority: -100 });
    await gate.reached(1);
    const high = submit({ value: 'high' }, { priority: 100 });
    await new Promise(setImmediate); // the tasks of a tick go in one batch, at its end
    gate.open();
    await Promise.all([low, high]);
    assert.deepEqual(order, ['low', 'high']);
  });
});

test('values by port and large values take their place in the queue', async () => {
  const gate = new Gate();
  await withPool([1, gateFile, { workerData: gate.workerData }], async (pool) => {
    const first = outcomeOf(pool, { hold: 1 });
    await gate.reached(1);
    const order = [];
    const waiting = [
      [{ value: 'port', shared: new SharedArrayBuffer(1) }, 1],
      [{ value: 'plain' }, 2],
      [{ value: 'bytes', bytes: new Uint8Array(1e6) }, 3],
      [{ value: 'text', text: 'x'.repeat(5e6) }, 4],
      [{ value: 'last' }, 0],
    ].map(([task, priority]) =>
      outcomeOf(pool, task, { priority }).then(([, result]) => order.push(result)),
    );
    await new Promise(setImmediate); // the tasks of a tick go in one batch, at its end
    gate.open();
    await Promise.all([first, ...waiting]);
    assert.deepEqual(order, ['text', 'bytes', 'plain', 'port', 'last']);
  });
});

test('run() also takes a priority', async () => {
  const gate = new Gate();
  await withPool([1, gateFile, { workerData: gate.workerData }], async (pool) => {
    const first = pool.run({ hold: 1 });
    await gate.reached(1);
    const order = [];
    const waiting = [1, 3, 2].map((priority) =>
      pool.run({ value: priority }, { priority }).then((value) => order.push(value)),
    );
    await new Promise(setImmediate); // the tasks of a tick go in one batch, at its end
    gate.open();
    await Promise.all([first, ...waiting]);
    assert.deepEqual(order, [3, 2, 1]);
  });
});

test('an aborted task leaves the order of the others unchanged', async () => {
  const controller = new AbortController();
  const { signal } = controller;
  const list = [{ priority: 1 }, { priority: 5, signal }, { priority: 3 }, { signal }, {}];
  assert.deepEqual(await orderOf(list, () => controller.abort()), [2, 0, 4]);
});
