'use strict';

// The channels of node:diagnostics_channel: what they tell, in which order, and in which context.

const assert = require('node:assert/strict');
const diagnostics = require('node:diagnostics_channel');
const path = require('node:path');
const { pathToFileURL } = require('node:url');
const { AsyncLocalStorage } = require('../../../index.js');
const { storageFor } = require('../../../contexts.js');
const { poolSuite } = require('../../helpers/pool-suite.js');
const { WorkerPool, fixture, outcomeOf, until, withPool } = require('../../helpers/with-pool.js');
const { Gate, gateFile } = require('../../helpers/pool-gate.js');

const test = poolSuite(__filename);
const TASKS = ['submit', 'start', 'end', 'error'];
const THREADS = ['start', 'ready', 'leave', 'stop', 'exit'].map((event) => `thread:${event}`);
const reads = path.join(__dirname, '../../fixtures/contexts/function-reads.js');

/** Calls `body(seen)`; `listen(event, message)` says what is put into `seen` for each message. */
async function listening(events, listen, body) {
  const seen = [];
  const listeners = events.map((event) => {
    const name = `async-hooks-rs:pool:${event}`;
    const listener = (message, channel) => {
      assert.equal(channel, name);
      seen.push(listen(event, message));
    };
    diagnostics.subscribe(name, listener);
    return () => diagnostics.unsubscribe(name, listener);
  });
  try {
    return await body(seen);
  } finally {
    for (const end of listeners) end();
  }
}

const eventOf = (event) => event;
const both = (event, message) => ({ event, message, ...message });

test('a task: submit, start, end, with one message', async () => {
  const file = fixture('exports.js');
  await withPool([1, file, { name: 'count' }], async (pool) => {
    await listening(TASKS, both, async (seen) => {
      const options = { export: 'lengthOf', priority: 3 };
      assert.equal(await pool.run(new Uint8Array(5), options), 5);
      assert.deepEqual(
        seen.map(({ event }) => event),
        ['submit', 'start', 'end'],
      );
      const [{ message }, start, end] = seen;
      for (const each of seen) assert.equal(each.message, message);
      assert.equal(message.pool, pool);
      const { id, processor, export: exported, priority, error } = message;
      const { href } = pathToFileURL(file);
      assert.deepEqual([id, processor, exported, priority], [0, href, 'lengthOf', 3]);
      assert.equal(error, undefined);
      const times = ['threadId', 'waitTime', 'runTime', 'duration'];
      const known = seen.map((each) => times.filter((key) => each[key] !== undefined));
      assert.deepEqual(known, [[], ['threadId', 'waitTime'], times]);
      assert.equal(start.waitTime, end.waitTime);
      assert.ok(end.waitTime >= 0 && end.runTime >= 0, [end.waitTime, end.runTime]);
      assert.ok(end.duration >= end.waitTime + end.runTime - 1, end.duration);
      assert.equal(await pool.call.add(1, 2), 3);
      await pool.run(1);
      const later = seen.filter(({ event }) => event === 'end').slice(1);
      assert.deepEqual(
        later.map((each) => [each.id, each.export, each.priority]),
        [
          [1, 'add', 0],
          [2, 'count', 0],
        ],
      );
    });
  });
});

test('each thread is the one that runs the task', async () => {
  const gate = new Gate();
  await withPool([2, gateFile, { workerData: gate.workerData }], async (pool) => {
    const created = [];
    pool.on('workerCreate', (id) => created.push(id));
    await listening(['start'], both, async (seen) => {
      const held = [pool.run({ hold: 1 }), pool.run({ hold: 1 })];
      // Told at once, and not at the end.
      await until(() => seen.length === 2);
      const ids = seen.map(({ threadId }) => threadId);
      assert.deepEqual(ids.sort(), created.sort());
      gate.open();
      await Promise.all(held);
      assert.equal(seen[0].message.runTime, undefined, 'nobody has asked for it');
    });
  });
});

test('native threads, and callbacks', async () => {
  await withPool([1, { native: 'add' }], async (pool) => {
    await listening(TASKS, both, async (seen) => {
      assert.deepEqual(await outcomeOf(pool, { a: 1, b: 2 }), [null, 3]);
      assert.deepEqual(
        seen.map(({ event, threadId }) => [event, threadId]),
        [
          ['submit', undefined],
          ['start', 0],
          ['end', 0],
        ],
      );
    });
  });
});

test('a task that fails: error before end, and the same error for both and the task', async () => {
  await withPool([1, fixture('exports.js')], async (pool) => {
    await listening(['error', 'end'], both, async (seen) => {
      const failed = await pool.call.fails().catch((error) => error);
      const [failure] = await outcomeOf(pool, null, { export: 'fails' });
      assert.deepEqual(
        seen.map(({ event }) => event),
        ['error', 'end', 'error', 'end'],
      );
      assert.equal(seen[0].error, failed);
      assert.equal(seen[1].error, failed);
      assert.equal(seen[3].error, failure);
      assert.ok(seen[1].runTime >= 0);
    });
  });
});

test('tasks that end in other ways are told their end', async () => {
  const gate = new Gate();
  const options = { workerData: gate.workerData, maxQueue: 1 };
  const pool = new WorkerPool(1, gateFile, options);
  await listening(['submit', 'end'], both, async (seen) => {
    const codes = () => seen.filter(({ event }) => event === 'end').map(({ error }) => error?.code);
    const { signal, abort } = withAbort();
    const running = outcomeOf(pool, { hold: 9 }, { timeout: 60_000, signal });
    await gate.reached(1);
    const waiting = outcomeOf(pool, { hold: 9 });
    const full = await outcomeOf(pool, { hold: 9 });
    assert.equal(full[0].code, 'ERR_WORKER_POOL_QUEUE_FULL');
    assert.deepEqual(codes(), ['ERR_WORKER_POOL_QUEUE_FULL']);
    abort();
    assert.equal((await running)[0].code, 'ABORT_ERR');
    assert.equal(seen.at(-1).runTime, undefined, 'only the thread knows');
    assert.ok(seen.at(-1).duration > 0);
    await gate.reached(2);
    await pool.close();
    await waiting;
    await outcomeOf(pool, {});
    const all = ['QUEUE_FULL', 'ABORT_ERR', 'CLOSED', 'CLOSED'];
    assert.deepEqual(
      codes().map((code) => code.replace('ERR_WORKER_POOL_', '')),
      all,
    );
    assert.equal(seen.length, 2 * all.length);
  });
});

function withAbort() {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}

test('a task that expires, and one whose thread ends, have run for so long', async () => {
  await withPool([1, fixture('failures-function.js')], async (pool) => {
    await listening(['end'], both, async (seen) => {
      await outcomeOf(pool, { action: 'loop' }, { timeout: 1 });
      await outcomeOf(pool, { action: 'exit', code: 3 });
      const [expired, gone] = seen;
      assert.equal(expired.error.code, 'ERR_WORKER_POOL_TASK_TIMEOUT');
      assert.equal(gone.error.code, 'ERR_WORKER_POOL_WORKER_EXIT');
      assert.ok(expired.runTime >= 1, expired.runTime);
      assert.ok(gone.runTime >= 0, gone.runTime);
      assert.ok(Number.isInteger(gone.threadId));
    });
  });
});

test('everything is told in the context of the submission', async () => {
  const storage = new AsyncLocalStorage();
  const stores = (event) => `${event} ${storage.getStore()}`;
  await withPool([1, fixture('exports.js')], async (pool) => {
    await listening(TASKS, stores, async (seen) => {
      await Promise.all([
        storage.run('one', () => pool.call.add(1, 2)),
        storage.run('two', () => outcomeOf(pool, null, { export: 'fails' })),
        pool.call.add(1, 2),
      ]);
      for (const store of ['one', 'two', undefined]) {
        const own = seen.filter((each) => each.endsWith(` ${store}`));
        const events = store === 'two' ? ['submit', 'start', 'error', 'end'] : TASKS.slice(0, 3);
        assert.deepEqual(
          own,
          events.map((event) => `${event} ${store}`),
        );
      }
    });
  });
});

test('stores that are bound to the submission reach the thread, and not the caller', async () => {
  const bound = new AsyncLocalStorage();
  const request = storageFor('test.request');
  const channel = diagnostics.channel('async-hooks-rs:pool:submit');
  channel.bindStore(bound, ({ id }) => `span ${id}`);
  channel.bindStore(request, ({ id }) => ({ id }));
  try {
    await withPool([1, reads, { contexts: [request] }], async (pool) => {
      await listening(
        ['end'],
        () => bound.getStore(),
        async (seen) => {
          const told = new Promise((resolve) => {
            pool.runTask([], (_, result) => resolve([bound.getStore(), result]));
          });
          assert.equal(bound.getStore(), undefined);
          assert.deepEqual(await told, [undefined, [{ id: 0 }]]);
          assert.deepEqual(seen, ['span 0']);
        },
      );
    });
  } finally {
    channel.unbindStore(bound);
    channel.unbindStore(request);
  }
});

test('map(): tasks that are given up are told their end', async () => {
  const gate = new Gate();
  await withPool([1, gateFile, { workerData: gate.workerData }], async (pool) => {
    await listening(['submit', 'end'], both, async (seen) => {
      const values = [{ value: 1 }, { hold: 1 }, { hold: 1 }];
      for await (const value of pool.map(values, { concurrency: 3 })) {
        assert.equal(value, 1);
        await gate.reached(2);
        break;
      }
      await pool.drain();
      const ends = seen.filter(({ event }) => event === 'end');
      assert.deepEqual(
        ends.map(({ error }) => error?.code),
        [undefined, 'ABORT_ERR', 'ABORT_ERR'],
      );
    });
  });
});

test('of tasks that were submitted before, nothing is told', async () => {
  const gate = new Gate();
  await withPool([1, gateFile, { workerData: gate.workerData }], async (pool) => {
    const held = pool.run({ hold: 1 });
    await gate.reached(1);
    await listening(TASKS, eventOf, async (seen) => {
      gate.open();
      await held;
      assert.deepEqual(seen, []);
    });
  });
});

test('a subscriber may close the pool, or submit', async () => {
  const pool = new WorkerPool(1, fixture('exports.js'));
  let closed;
  let nested;
  const events = { submit: 0, end: 0 };
  const listen = (event, { id }) => {
    events[event]++;
    if (event === 'end' && id === 0) nested = pool.call.add(3, 4);
    if (event === 'submit' && id === 2) closed = pool.close();
  };
  await listening(['submit', 'end'], listen, async () => {
    assert.equal(await pool.call.add(1, 2), 3);
    assert.equal(await nested, 7);
    await assert.rejects(pool.call.add(1, 2), { code: 'ERR_WORKER_POOL_CLOSED' });
    await closed;
    assert.deepEqual(events, { submit: 3, end: 3 });
  });
});

test('threads: from their start to their exit, in the context of the pool', async () => {
  const storage = new AsyncLocalStorage();
  const tell = (event, message) => ({ event, store: storage.getStore(), ...message });
  await listening(THREADS, tell, async (seen) => {
    const file = pathToFileURL(fixture('function-echo.js'));
    const make = () => new WorkerPool(1, file);
    const pool = storage.run('pool', make);
    await storage.run('other', () => pool.run(1));
    await pool.recycle();
    await pool.ready();
    await pool.close();
    await until(() => seen.filter(({ event }) => event === 'thread:exit').length === 2);
    for (const each of seen) {
      assert.deepEqual([each.pool, each.processor, each.store], [pool, file.href, 'pool']);
    }
    const ids = [...new Set(seen.map(({ threadId }) => threadId))];
    const of = (id) =>
      seen.filter(({ threadId }) => threadId === id).map(({ event }) => event.split(':')[1]);
    assert.deepEqual(ids.map(of), [
      ['start', 'ready', 'stop', 'exit'],
      ['start', 'ready', 'exit'],
    ]);
  });
});

test('a thread leaves with its last task', async () => {
  await listening(THREADS, eventOf, async (seen) => {
    await withPool([1, fixture('function-echo.js'), { maxTasksPerWorker: 1 }], async (pool) => {
      await pool.run(1);
      await until(() => seen.includes('thread:exit'));
      const first = seen.indexOf('thread:leave');
      assert.ok(first > seen.indexOf('thread:ready'), seen);
      assert.ok(seen.indexOf('thread:stop') > first, seen);
    });
  });
});
