'use strict';

// Memory of large buffers is used again, and nobody who still holds it may notice: neither in the
// owner of the pool nor in its threads nor in Workers of those, however it got there, and whichever
// thread has ended meanwhile.

const assert = require('node:assert/strict');
const { poolSuite } = require('../../helpers/pool-suite.js');
const { runProgram } = require('../../helpers/program.js');

const test = poolSuite();

const ROUNDS = 16;
const TASKS = 24 * ROUNDS;

const stress = (data) =>
  runProgram((values) => require('./__test__/fixtures/pool/reuse-program.js').run(values), {
    data,
    timeout: 110_000,
  });

test('memory is used again only when nobody has it', async () => {
  const seed = Date.now() % 2 ** 32;
  const { corrupt, settled, posted, returned, collected } = await stress({ rounds: ROUNDS, seed });
  assert.deepEqual(corrupt, {}, `seed ${seed}`);
  assert.equal(settled, TASKS);
  assert.ok(posted > TASKS / 10, `${posted} were posted`);
  assert.ok(returned > TASKS / 20, `${returned} were returned`);
  assert.ok(collected, 'memory that nobody holds is not freed');
});

test('the test would see memory that comes back with the end of a thread', async () => {
  const { corrupt } = await stress({ rounds: ROUNDS, seed: 1, control: true });
  assert.notDeepEqual(corrupt, {});
});
