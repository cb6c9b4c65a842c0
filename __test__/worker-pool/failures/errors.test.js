'use strict';

// The error that a callback gets for any value thrown in the worker: errors with their class and
// properties, values that are not errors, and values that cannot leave the worker.

const assert = require('node:assert/strict');
const { poolTest, forms } = require('../../helpers/pool-session.js');
const { until } = require('../../helpers/with-pool.js');

const own = (error) => {
  assert.ok(error instanceof TypeError, String(error));
  assert.equal(error.message, 'expected');
  assert.equal(error.code, 'ERR_OWN');
  assert.match(error.stack, /failures-actions\.js/);
};

const someError = (error) => assert.ok(error instanceof Error, String(error));

// A callback recognizes a failure by an error that is not null; a promise is rejected with the
// value itself.
const nothing = (thrown) => (error, form, promised) => {
  if (promised) assert.equal(error, thrown);
  else assert.equal(error.code, 'ERR_WORKER_POOL_TASK_THREW_NOTHING');
};

const cases = {
  'a string': [{ action: 'throwOdd', kind: 'string' }, (e) => assert.equal(e, 'just text')],
  'a number': [{ action: 'throwOdd', kind: 'number' }, (e) => assert.equal(e, 42)],
  'a bigint': [{ action: 'throwOdd', kind: 'bigint' }, (e) => assert.equal(e, 7n)],
  'an object that is no error': [
    { action: 'throwOdd', kind: 'object' },
    (e) => assert.deepEqual(e, { plain: true, list: [1] }),
  ],
  'null': [{ action: 'throwOdd', kind: 'null' }, nothing(null)],
  'undefined': [{ action: 'throwOdd', kind: 'undefined' }, nothing(undefined)],
  'a symbol': [{ action: 'throwOdd', kind: 'symbol' }, someError],
  'a function': [{ action: 'throwOdd', kind: 'function' }, someError],
  'a proxy that throws when it is touched': [{ action: 'throwOdd', kind: 'proxy' }, someError],
  'a revoked proxy': [{ action: 'throwOdd', kind: 'revoked' }, someError],
  'a rejected string': [
    { action: 'rejectOdd', kind: 'string' },
    (e, form) => (form === 'a function' ? assert.equal(e, 'just text') : assert.ok(e !== null)),
  ],
  // In the docs' form Node turns it into an error, which says that the rejection was unhandled.
  'a rejected null': [
    { action: 'rejectOdd', kind: 'null' },
    (e, form, promised) =>
      form === 'a function' ? nothing(null)(e, form, promised) : someError(e),
  ],
  'a rejected proxy': [{ action: 'rejectOdd', kind: 'proxy' }, someError],
  'an error with a getter that throws': [{ action: 'throwErrorWithThrowingGetter' }, own],
  'an error whose message throws': [{ action: 'throwErrorWithThrowingMessage' }, someError],
  'an error with a function and a symbol': [
    { action: 'throwErrorWithFunction' },
    (e) => {
      own(e);
      assert.ok(e.cause instanceof RangeError);
    },
  ],
  'an error that is its own cause': [
    { action: 'throwErrorInCycle' },
    (e) => {
      own(e);
      assert.ok(e.cause === e || e.cause === undefined || e.cause instanceof Error);
    },
  ],
  'an error whose stack is a number': [
    { action: 'throwErrorWithOddStack' },
    (e) => {
      assert.equal(e.message, 'expected');
      assert.equal(e.code, 'ERR_WORKER_POOL_TRANSPORT');
    },
  ],
  'an error of a class of its own': [
    { action: 'throwOwnClass' },
    (e) => {
      assert.ok(e instanceof RangeError);
      assert.equal(e.name, 'OwnError');
      assert.equal(e.message, 'of a class of its own');
      assert.equal(e.code, 'ERR_OWN');
      assert.match(e.stack, /failures-actions\.js/);
    },
  ],
  'an AggregateError': [
    { action: 'throwAggregate' },
    (e, form) => {
      assert.ok(e instanceof Error);
      assert.equal(e.message, 'several');
      if (form !== 'a function') return; // Node's Worker gives the same
      assert.ok(e instanceof AggregateError);
      assert.equal(e.errors.length, 2);
      assert.ok(e.errors[0] instanceof TypeError);
      assert.equal(e.errors[0].message, 'first');
      assert.equal(e.errors[1], 'second');
    },
  ],
  'a stack overflow': [
    { action: 'overflow' },
    (e) => {
      assert.ok(e instanceof RangeError);
      assert.match(e.stack, /failures-actions\.js/);
    },
  ],
};

for (const [form, file] of forms('failures')) {
  const dies = form !== 'a function';

  poolTest(`what is thrown reaches the callback, in ${form}`, {}, async (session, t) => {
    const { open, submit } = session;
    const pool = open(1, file);
    let [destroyed, deaths] = [0, 0];
    pool.on('workerDestroy', () => {
      destroyed++;
    });
    for (const [thrown, [task, check]] of Object.entries(cases)) {
      await t.test(thrown, async () => {
        const { completed, failed: failures } = pool;
        const [before, failed, after] = await Promise.all([
          submit(pool, { action: 'add', a: 1, b: 1 }),
          submit(pool, task),
          submit(pool, { action: 'add', a: 2, b: 2 }),
        ]);
        assert.deepEqual(
          [before, after],
          [
            { error: null, result: 2 },
            { error: null, result: 4 },
          ],
        );
        assert.equal(failed.result, null);
        check(failed.error, form, false);
        if (dies) deaths++;
        await until(() => destroyed >= deaths);
        assert.equal(destroyed, deaths);
        assert.deepEqual([pool.completed - completed, pool.failed - failures], [2, 1]);

        const promised = await pool.run(task).then(
          () => assert.fail('the promise was resolved'),
          (error) => error,
        );
        if (dies) deaths++;
        check(promised, form, true);
      });
    }
  });
}
