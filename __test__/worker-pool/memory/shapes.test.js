'use strict';

// The registry of shapes belongs to the process: keys from outside do not fill it, the last pool
// gives its content back, and then the program's own shapes get numbers again.

const assert = require('node:assert/strict');
const { poolSuite } = require('../../helpers/pool-suite.js');
const { fixture } = require('../../helpers/with-pool.js');
const { runProgram } = require('../../helpers/program.js');

const test = poolSuite();
const echo = fixture('function-echo.js');

// Lists of many long keys, each of which comes four times in a task. Returns the number of lists
// with a number, and how often an object of the program must come until it has one.
async function hostile({ echo, lists }) {
  const { WorkerPool } = require('async-hooks-rs');
  const pool = new WorkerPool(1, echo);
  const codec = require('./lib/codec/index.js');
  const region = codec.createRegion(1 << 16);
  const hasNumber = (object) => codec.encode(region, 0, object) > 0 && region.bytes[0] === 0x0c;
  const objectOf = (n) => {
    const object = {};
    for (let i = 0; i < 128; i++) object[`${n}_${i}_`.padEnd(128, 'x')] = 1;
    return object;
  };
  for (let n = 0; n < lists; n++) {
    const object = objectOf(n);
    await pool.run(JSON.parse(JSON.stringify([object, object, object, object])));
  }
  let numbers = 0;
  for (let n = 0; n < lists; n++) {
    const object = objectOf(n);
    for (let i = 0; i < 2; i++) hasNumber(object);
    if (hasNumber(object)) numbers++;
  }
  const own = { of: 1, the: 2, program: 3 };
  let uses = 1;
  while (!hasNumber(own) && uses < 100_000) uses++;
  const copy = await pool.run(own);
  await pool.close();
  return { numbers, uses, copy };
}

test('key lists from outside are not kept, and own shapes get numbers', async () => {
  const { numbers, uses, copy } = await runProgram(hostile, {
    data: { echo, lists: 500 },
    timeout: 120_000,
  });
  // One list of 17 KB takes twice as much; once 256 KB are taken, four uses are not enough.
  assert.ok(numbers > 0 && numbers < 20, `${numbers} numbers`);
  assert.ok(uses < 10, `${uses} uses`);
  assert.deepEqual(copy, { of: 1, the: 2, program: 3 });
});

test('the last pool removes the shapes, and their numbers are not used again', async () => {
  const result = await runProgram(
    async ({ echo }) => {
      const { WorkerPool } = require('async-hooks-rs');
      const { gc } = require('./__test__/helpers/gc.js');
      const { requireAddon } = require('./lib/package/required-addon.js');
      const firsts = [];
      const copies = [];
      for (let round = 0; round < 3; round++) {
        await (async () => {
          const pools = [new WorkerPool(2, echo), new WorkerPool(1, echo)];
          firsts.push(requireAddon().firstShape());
          for (let i = 0; i < 20; i++) {
            for (const pool of pools) copies.push(await pool.run({ shape: i, [`of${round}`]: i }));
          }
          await pools[0].close();
          copies.push(await pools[1].run({ shape: 20, [`of${round}`]: 20 }));
          await pools[1].close();
        })();
        const deadline = Date.now() + 20_000;
        while (requireAddon().firstShape() === firsts.at(-1) && Date.now() < deadline) {
          gc();
          await new Promise((resolve) => setImmediate(resolve));
        }
      }
      const right = copies.every(
        (copy) =>
          Object.keys(copy).length === 2 && Object.values(copy)[0] === Object.values(copy)[1],
      );
      return { firsts, right, count: copies.length };
    },
    { data: { echo }, timeout: 60_000 },
  );
  const [first, second, third] = result.firsts;
  assert.ok(first < second && second < third, `${result.firsts}`);
  assert.deepEqual([result.right, result.count], [true, 123]);
});
