'use strict';

// Only threads that a pool has created are its workers: no other thread gets its tasks, or can make
// it take a worker for idle.

const assert = require('node:assert/strict');
const { poolTest, fixture } = require('../../helpers/pool-session.js');

for (const processor of [fixture('function-echo.js'), undefined]) {
  poolTest(
    `a stranger gets no task of a pool of ${processor ? 'threads' : 'Rust'}`,
    {},
    async ({ open, submit }) => {
      const victim = open(2, processor);
      const attacker = open(1, fixture('foreign-actions.js'));
      const task = { a: 1, b: 2 };
      const expected = processor === undefined ? 3 : task;
      const whileAttacked = Array.from({ length: 50 }, () => submit(victim, task));
      const attack = await submit(attacker, null);
      assert.deepEqual(attack.result, ['ERR_NATIVE_UNKNOWN', 'StringExpected']);
      for (const { result } of await Promise.all(whileAttacked)) {
        assert.deepEqual(result, expected);
      }
      for (let i = 0; i < 20; i++) {
        assert.deepEqual((await submit(victim, task)).result, expected);
      }
      assert.deepEqual((await submit(attacker, null)).result, attack.result);
      assert.deepEqual([victim.failed, victim.numThreads, attacker.numThreads], [0, 2, 1]);
    },
  );
}
