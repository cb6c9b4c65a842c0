'use strict';

// A task that is refused keeps what it would have transferred, and what refuses transfer lists.

const assert = require('node:assert/strict');
const { MessageChannel } = require('node:worker_threads');
const { poolSuite } = require('../../helpers/pool-suite.js');
const { runtime } = require('../../helpers/runtimes.js');
const { fixture, outcomeOf, withPool } = require('../../helpers/with-pool.js');

const test = poolSuite();

const file = fixture('function-echo.js');
const kinds = { threads: [1, file], native: [1] };
if (runtime === 'node') kinds.processes = [1, file, { runtime: 'child_process' }];

// What a getter of the value may do, and the code that the task fails with.
const deeds = {
  'a getter closes the pool': [(pool) => void pool.close(), 'ERR_WORKER_POOL_CLOSED'],
  'a getter aborts the task': [(pool, controller) => controller.abort(), 'ABORT_ERR'],
};

for (const [kind, parameters] of Object.entries(kinds)) {
  for (const [title, [act, code]] of Object.entries(deeds)) {
    // The last one is larger than a packet.
    for (const text of ['', 'x'.repeat(1_000_000)]) {
      test(`${kind}: ${title}, beside ${text.length} letters`, () =>
        withPool(parameters, async (pool) => {
          const buffer = new ArrayBuffer(100_000);
          const controller = new AbortController();
          const task = {
            a: 1,
            b: 2,
            text,
            buffer,
            get act() {
              act(pool, controller);
              return 3;
            },
          };
          const { signal } = controller;
          const [error, result] = await outcomeOf(pool, task, { transferList: [buffer], signal });
          assert.deepEqual([error.code, result], [code, null]);
          assert.equal(buffer.byteLength, 100_000);
          assert.deepEqual([pool.running, pool.queueSize, pool.failed], [0, 0, 1]);
        }));
    }
  }

  test(`${kind}: a getter that has the pool drained loses the buffer to the task`, () =>
    withPool(parameters, async (pool) => {
      const buffer = new ArrayBuffer(8);
      let closed;
      const task = {
        a: 1,
        b: 2,
        get act() {
          closed = pool.close({ drain: true });
          return 3;
        },
      };
      const [error] = await outcomeOf(pool, task, { transferList: [buffer] });
      assert.equal(error, null);
      assert.equal(buffer.byteLength, 0);
      await closed;
    }));
}

const wrong = [
  ['a view', () => new Uint8Array(8), /^Received an instance of Uint8Array$/],
  ['nothing', () => undefined, /^Received undefined$/],
  ['a text', () => 'text', /^Received type string \('text'\)$/],
  ['an object', () => ({}), /^Received an instance of Object$/],
  ['a list', () => [], /^Received an instance of Array$/],
  ['shared memory', () => new SharedArrayBuffer(8), /^Received an instance of SharedArrayBuffer$/],
];

for (const [kind, parameters] of Object.entries(kinds)) {
  test(`${kind}: the error of a wrong transferList says what is wrong, where`, () =>
    withPool(parameters, async (pool) => {
      for (const [what, make, received] of wrong) {
        const buffer = new ArrayBuffer(8);
        const transferList = [buffer, make()];
        const [error] = await outcomeOf(pool, { a: 1, b: 2, buffer }, { transferList });
        assert.equal(error.code, 'ERR_WORKER_POOL_NOT_CLONEABLE', what);
        const [, said, rest] = /^The task cannot .*: (transferList\[1\] must be .*)\. (.*)/.exec(
          error.message,
        );
        assert.match(said, /can be transferred/);
        assert.match(rest, received);
        if (runtime === 'node') assert.ok(error.cause instanceof Error);
      }
      const other = new MessageChannel().port1;
      const [error] = await outcomeOf(pool, 1, { transferList: [other, other] });
      assert.equal(error.code, 'ERR_WORKER_POOL_NOT_CLONEABLE');
      assert.match(error.message, /transferList\[1\] must not be transferList\[0\] again/);
      other.close();
    }));
}

for (const [kind, [, , options]] of Object.entries(kinds)) {
  if (kind === 'native') continue;
  test(`${kind}: a result with a wrong transfer list is refused`, () =>
    withPool([1, fixture('function-moves.cjs'), options], async (pool) => {
      for (const [result, message] of [
        ['twice', /^The result cannot .*: transferList\[1\] must not be transferList\[0\] again\./],
        ['not transferable', /^The result cannot .*: transferList\[0\] must be .* \('text'\)$/],
      ]) {
        const code = 'ERR_WORKER_POOL_NOT_CLONEABLE';
        await assert.rejects(pool.run({ result }), { name: 'TypeError', code, message });
      }
      assert.deepEqual([...(await pool.run({ result: 'view', size: 2 }))], [7, 7]);
    }));

  test(`${kind}: a result that throws when it is looked at fails only its task`, () =>
    withPool([1, fixture('function-moves.cjs'), options], async (pool) => {
      await pool.ready();
      const [{ id }] = pool.stats().threads;
      const trapped = pool.run({ result: 'a trap that throws' });
      await assert.rejects(trapped, { name: 'RangeError', message: 'of a trap' });
      await assert.rejects(pool.run({ result: 'a revoked Proxy' }), { name: 'TypeError' });
      assert.equal(pool.stats().threads[0].id, id);
    }));
}

test('a port stays usable, and the stack of the error begins at the call', () =>
  withPool(kinds.threads, async (pool) => {
    const { port1, port2 } = new MessageChannel();
    const controller = new AbortController();
    const { signal } = controller;
    const task = {
      port1,
      get abort() {
        return controller.abort();
      },
    };
    await assert.rejects(pool.run(task, { transferList: [port1], signal }), (error) => {
      assert.equal(error.code, 'ABORT_ERR');
      assert.match(error.stack, /refused-transfer\.test\.js/);
      return true;
    });
    const received = new Promise((resolve) => port2.once('message', resolve));
    port1.postMessage('still open');
    assert.equal(await received, 'still open');
    port1.close();
  }));
