'use strict';

// What travels with a task and back: values that JSON has no words for, and errors.

const { describe, it } = require('node:test');
const assert = require('node:assert/strict');
const { suite } = require('./helpers/suite.js');

class Point {
  constructor(x) {
    this.x = x;
  }
}

/** Every kind at once, with a circle and a shared reference. */
function everything() {
  const shared = { shared: true };
  const value = {
    map: new Map([['key', new Set([1, 'two'])]]),
    date: new Date(86_400_000),
    big: -(2n ** 70n),
    small: [undefined, null, -0, NaN, Infinity, 'text', 'ŷ\u{1f600}\ud800'],
    bytes: new Uint8Array([1, 2, 3]),
    buffer: new Float64Array([0.5]).buffer,
    large: Buffer.alloc(100_000, 7),
    expression: /a+/gi,
    boxed: Object('boxed'),
    error: Object.assign(new RangeError('nested'), { code: 'ERR_NESTED' }),
    again: shared,
    shared,
    ['__proto__']: 'a key',
  };
  value.itself = value;
  return value;
}

describe('values over a queue', () => {
  const queue = suite();

  it('what structured cloning copies arrives, and comes back', async (t) => {
    const pool = queue.pool(t);
    await queue.serve(t, pool, { options: ['--threads', '1'] });
    const kinds = await pool.run({ act: 'kinds', value: everything() });
    assert.deepEqual(kinds, [true, true, 'bigint']);
    const back = await pool.run({ act: 'echo', value: everything() });
    assert.equal(back.again, back.shared);
    assert.equal(back.itself, back);
    assert.equal(back.error.code, 'ERR_NESTED');
    assert.ok(back.error instanceof RangeError);
    const wanted = everything();
    for (const value of [back, wanted]) {
      delete value.error; // its stack is that of its own making
      value.large = value.large.length;
    }
    assert.deepEqual(back, wanted);
    // What only the other way of cloning knows.
    assert.deepEqual(await pool.run({ act: 'echo', value: new Point(1) }), { x: 1 });
    let deep = 'innermost';
    for (let i = 0; i < 600; i++) deep = [deep];
    assert.deepEqual(await pool.run({ act: 'echo', value: deep }), deep);
    for (const value of [undefined, null, '', 0, 1n, false]) {
      assert.equal(await pool.run({ act: 'echo', value }), value);
    }
  });

  it('an error keeps its class, code, cause, stack and properties', async (t) => {
    const pool = queue.pool(t);
    await queue.serve(t, pool, { options: ['--threads', '1'] });
    const error = await pool.run({ act: 'fail', text: 'no such order' }).catch((e) => e);
    assert.ok(error instanceof TypeError);
    assert.equal(error.name, 'OrderError');
    assert.equal(error.message, 'no such order');
    assert.equal(error.code, 'ERR_ORDER');
    assert.deepEqual(error.order, { id: 7n });
    assert.match(error.stack, /OrderError: no such order\n {4}at .*processor\.mjs/);
    assert.ok(error.cause instanceof RangeError);
    assert.equal(error.cause.message, 'the reason');
    for (const value of ['text', 1n, { plain: true }, null, undefined]) {
      const thrown = await pool.run({ act: 'failWith', value }).then(
        () => assert.fail('it has to fail'),
        (reason) => reason,
      );
      assert.deepEqual(thrown, value);
    }
    const told = await new Promise((resolve) => {
      pool.runTask({ act: 'failWith', value: undefined }, (err) => resolve(err));
    });
    assert.equal(told.code, 'ERR_WORKER_POOL_TASK_THREW_NOTHING');
  });

  it('a thread that ends, and a task that takes too long, have the codes of WorkerPool', async (t) => {
    const pool = queue.pool(t);
    await queue.serve(t, pool, { options: ['--threads', '1'] });
    await assert.rejects(pool.run({ act: 'exit' }), {
      code: 'ERR_WORKER_POOL_WORKER_EXIT',
      exitCode: 3,
    });
    const { Gate } = require('./helpers/gate.js');
    const { port } = await Gate.open(t);
    await assert.rejects(pool.run({ act: 'hold', port, name: 'late' }, { timeout: 50 }), {
      name: 'TimeoutError',
      code: 'ERR_WORKER_POOL_TASK_TIMEOUT',
    });
  });

  it('what cannot be copied is refused, where it was submitted', async (t) => {
    const pool = queue.pool(t);
    for (const value of [() => {}, Symbol('s'), new SharedArrayBuffer(8), new WeakMap()]) {
      await assert.rejects(pool.run({ value }), {
        name: 'TypeError',
        code: 'ERR_QUEUE_POOL_NOT_CLONEABLE',
      });
    }
    const getter = {
      get value() {
        throw new RangeError('the getter');
      },
    };
    await assert.rejects(pool.run(getter), { name: 'RangeError', message: 'the getter' });
    assert.deepEqual([pool.queueSize, pool.failed], [0, 5]);
  });
});
