'use strict';

// Values that only a port can carry, and values that are transferred instead of copied, both ways.

const assert = require('node:assert/strict');
const { once } = require('node:events');
const { MessageChannel } = require('node:worker_threads');
const { poolSuite } = require('../../helpers/pool-suite.js');
const { fixture, withPool, outcomeOf, turns, until, messages } =
  require('../../helpers/with-pool.js');
const { Gate, gateFile } = require('../../helpers/pool-gate.js');

const test = poolSuite();

const processors = {
  function: fixture('function-echo.js'),
  documentation: fixture('docs-echo.js'),
};

for (const [kind, processor] of Object.entries(processors)) {
  for (const size of [0, 10, 100_000, 5_000_000]) {
    test(`${kind}: an ArrayBuffer of ${size} bytes is transferred`, async () => {
      await withPool([2, processor], async (pool) => {
        const bytes = new Uint8Array(size).fill(7);
        const { buffer } = bytes;
        const outcome = outcomeOf(pool, { bytes, more: 'text' }, { transferList: [buffer] });
        assert.equal(buffer.byteLength, 0, 'it is gone at once');
        const [err, result] = await outcome;
        assert.equal(err, null);
        assert.equal(result.more, 'text');
        assert.deepStrictEqual(result.bytes, new Uint8Array(size).fill(7));
      });
    });
  }

  test(`${kind}: a SharedArrayBuffer is shared`, async () => {
    await withPool([1, processor], async (pool) => {
      const shared = new SharedArrayBuffer(8);
      const sent = new Int32Array(shared);
      const received = await pool.run({ cells: sent, list: [shared] });
      Atomics.store(sent, 1, 42);
      assert.equal(Atomics.load(received.cells, 1), 42);
      Atomics.store(received.cells, 0, 43);
      assert.equal(Atomics.load(sent, 0), 43);
      assert.equal(new Int32Array(received.list[0])[1], 42);
    });
  });

  test(`${kind}: each of many tasks gets its own result through the port`, async () => {
    await withPool([1, processor], async (pool) => {
      const tasks = Array.from({ length: 200 }, (_, i) => pool.run([i, new SharedArrayBuffer(i)]));
      for (const [i, [number, shared]] of (await Promise.all(tasks)).entries()) {
        assert.deepEqual([number, shared.byteLength], [i, i]);
      }
    });
  });

  test(`${kind}: an empty transferList transfers nothing`, async () => {
    await withPool([1, processor], async (pool) => {
      const bytes = new Uint8Array([1, 2, 3]);
      assert.deepStrictEqual(await pool.run(bytes, { transferList: [] }), bytes);
      assert.equal(bytes.byteLength, 3);
    });
  });

  test(`${kind}: tasks by port and other tasks each have their own result`, async () => {
    await withPool([2, processor], async (pool) => {
      const tasks = Array.from({ length: 300 }, (_, id) => {
        switch (id % 4) {
          case 0:
            return [{ id }];
          case 1:
            return [{ id, shared: new SharedArrayBuffer(8) }];
          case 2: {
            const buffer = new Uint8Array([1, 2, id]).buffer;
            return [{ id, buffer }, { transferList: [buffer] }];
          }
          default:
            return [{ id, large: new Uint8Array(70_000).fill(id) }];
        }
      });
      const results = await Promise.all(
        tasks.map(async ([task, options]) => {
          const [err, result] = await outcomeOf(pool, task, ...(options ? [options] : []));
          assert.equal(err, null);
          return result;
        }),
      );
      for (const [id, result] of results.entries()) {
        assert.equal(result.id, id);
        if (id % 4 === 1) assert.equal(result.shared.byteLength, 8);
        if (id % 4 === 2) assert.equal(new Uint8Array(result.buffer)[2], id % 256);
        if (id % 4 === 3) assert.equal(result.large[69_999], id % 256);
      }
    });
  });
}

for (const file of ['function-port.js', 'docs-port.js']) {
  test(`${file}: a MessagePort in transferList works in the worker`, async () => {
    await withPool([1, fixture(file)], async (pool) => {
      for (let i = 0; i < 3; i++) {
        const { port1, port2 } = new MessageChannel();
        const message = once(port1, 'message');
        const task = { port: port2, text: `hello ${i}` };
        const result = await pool.run(task, { transferList: [port2] });
        assert.equal(result, 'posted');
        assert.equal((await message)[0], `from the worker: hello ${i}`);
        port1.close();
      }
    });
  });
}

test('a MessagePort in the reply works on the main thread', async () => {
  await withPool([1, fixture('docs-transfer.js')], async (pool) => {
    const port = await pool.run({ reply: 'a port' });
    const message = once(port, 'message');
    port.postMessage('ping');
    assert.equal((await message)[0], 'pong to ping');
    port.close();
  });
});

for (const form of ['list', 'options']) {
  for (const size of [10, 100_000, 5_000_000]) {
    test(`a reply with a transfer ${form}, ${size} bytes, is gone in the worker`, async () => {
      await withPool([1, fixture('docs-transfer.js')], async (pool) => {
        const { enough: left } = messages(pool, 1);
        const bytes = await pool.run({ reply: 'new bytes', size, form });
        assert.deepStrictEqual(bytes, new Uint8Array(size).fill(9));
        assert.deepEqual(await left, [{ left: 0 }]);
      });
    });

    test(`a reply may transfer the task's own data, ${form}, ${size} bytes`, async () => {
      await withPool([1, fixture('docs-transfer.js')], async (pool) => {
        for (const sent of [false, true]) {
          const bytes = new Uint8Array(size).fill(3);
          const transferList = sent ? [bytes.buffer] : [];
          const { enough: left } = messages(pool, 1);
          const result = await pool.run({ reply: 'the same bytes', bytes, form }, { transferList });
          assert.deepStrictEqual(result, new Uint8Array(size).fill(3).fill(4, 0, 1));
          assert.deepEqual(await left, [{ left: 0 }]);
          assert.equal(bytes.byteLength, sent ? 0 : size);
        }
      });
    });
  }
}

test('a value that cannot be transferred fails only its own task', async () => {
  await withPool([1, processors.function], async (pool) => {
    const { port1, port2 } = new MessageChannel();
    const same = new ArrayBuffer(8);
    for (const [task, transferList] of [
      [{ port: port1 }, []], // not listed
      [1, [{}]],
      [1, ['text']],
      [same, [same, same]],
      [1, [new SharedArrayBuffer(8)]],
    ]) {
      const [[err, result], other] = await Promise.all([
        outcomeOf(pool, task, { transferList }),
        outcomeOf(pool, 'other'),
      ]);
      assert.equal(err?.code, 'ERR_WORKER_POOL_NOT_CLONEABLE');
      assert.ok(err instanceof TypeError);
      assert.ok(err.cause instanceof Error || err.cause instanceof DOMException);
      assert.equal(result, null);
      assert.deepEqual(other, [null, 'other']);
    }
    assert.deepEqual([pool.completed, pool.failed], [5, 5]);
    port1.close();
    port2.close();
  });
});

test('a reply that cannot be transferred throws in the worker, and may be caught', async () => {
  await withPool([1, fixture('docs-transfer.js')], async (pool) => {
    assert.deepEqual(await pool.run({ reply: 'not transferable' }), { caught: true });
    assert.deepStrictEqual(
      await pool.run({ reply: 'new bytes', size: 1, form: 'list' }),
      new Uint8Array([9]),
    );
  });
});

test('a value in transferList that is not part of the task is also gone', async () => {
  await withPool([1, processors.function], async (pool) => {
    const buffer = new ArrayBuffer(8);
    assert.equal(await pool.run('task', { transferList: [buffer] }), 'task');
    assert.equal(buffer.byteLength, 0);
  });
});

test('values by port may wait, be aborted, expire, or be closed', async () => {
  const gate = new Gate();
  await withPool([1, gateFile, { workerData: gate.workerData }], async (pool) => {
    const task = (value, hold = 0) => ({ value, hold, shared: new SharedArrayBuffer(8) });
    const first = outcomeOf(pool, task('first', 1));
    await gate.reached(1);
    const controller = new AbortController();
    const aborted = outcomeOf(pool, task('aborted'), { signal: controller.signal });
    const waiting = [1, 2, 3].map((i) => outcomeOf(pool, task(i)));
    controller.abort();
    assert.equal((await aborted)[0].code, 'ABORT_ERR');
    gate.open(1);
    assert.deepEqual(
      await Promise.all([first, ...waiting]),
      ['first', 1, 2, 3].map((value) => [null, value]),
    );
    const expired = await outcomeOf(pool, task('late', 2), { timeout: 20 });
    assert.equal(expired[0].code, 'ERR_WORKER_POOL_TASK_TIMEOUT');
    const begun = gate.started; // it may have expired before it began
    const closed = ['running', 'waiting'].map((value) => outcomeOf(pool, task(value, 2)));
    await gate.reached(begun + 1);
    await pool.close();
    const codes = (await Promise.all(closed)).map(([err]) => err.code);
    assert.deepEqual(codes, Array(2).fill('ERR_WORKER_POOL_CLOSED'));
  });
});

test('a port in a task that is never run is closed', async () => {
  await withPool([1, processors.function], async (pool) => {
    const { port1, port2 } = new MessageChannel();
    let closed = false;
    port1.on('close', () => {
      closed = true;
    });
    const controller = new AbortController();
    const outcome = outcomeOf(
      pool,
      { port: port2 },
      { transferList: [port2], signal: controller.signal },
    );
    controller.abort();
    assert.equal((await outcome)[0].code, 'ABORT_ERR');
    await until(() => closed).finally(() => port1.close());
  });
});

test('a waiting task with a port whose other end is closed fails alone', async () => {
  const gate = new Gate();
  await withPool([1, gateFile, { workerData: gate.workerData }], async (pool) => {
    const held = outcomeOf(pool, { hold: 1, value: 'held' });
    await gate.reached(1);
    const { port1, port2 } = new MessageChannel();
    const waiting = outcomeOf(pool, { port: port2 }, { transferList: [port2] });
    const next = [1, 2].map((value) => outcomeOf(pool, { value }));
    const closed = once(port1, 'close');
    port1.close();
    await closed;
    await turns(20); // so that the other end learns of it
    gate.open();
    assert.deepEqual(await held, [null, 'held']);
    const [err, result] = await waiting;
    assert.equal(err?.code, 'ERR_WORKER_POOL_NOT_CLONEABLE');
    assert.equal(err.cause.name, 'DataCloneError');
    assert.equal(result, null);
    assert.deepEqual(await Promise.all(next), [
      [null, 1],
      [null, 2],
    ]);
  });
});
