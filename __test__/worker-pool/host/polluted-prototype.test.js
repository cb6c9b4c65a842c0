'use strict';

// Properties that a program, or an attacker, has added to Object.prototype are not options of the
// pool's threads: the name of each option anywhere.

const assert = require('node:assert/strict');
const path = require('node:path');
const { optionNames } = require('../../helpers/option-names.js');
const { test, fixture } = require('../../helpers/pool-session.js');
const { runProgram } = require('../../helpers/program.js');

const REGISTER = path.resolve(__dirname, '../../../register.js');

// Threads of Node take long to start, so they are tried with groups of names: the names with the
// same bit in their number. Of any two names one group has the first and not the second, so neither
// hides what the other changes.
async function observe({ names, processor }) {
  const { WorkerPool } = require('async-hooks-rs');
  const { outcome, underPollution } = require('./__test__/helpers/pollution.js');
  const workers = () => {
    const pools = [undefined, {}, { resourceLimits: {} }].map(
      (options) => new WorkerPool(1, processor, options),
    );
    return Promise.all(
      pools.map(async (pool) => {
        const seen = await outcome(pool.run('task', {}));
        await pool.close();
        return seen;
      }),
    );
  };
  const bits = Array.from({ length: Math.ceil(Math.log2(names.length)) }, (_, bit) => bit);
  return underPollution(
    workers,
    bits.flatMap((bit) =>
      [0, 1].map((value) => names.filter((_, number) => ((number >> bit) & 1) === value)),
    ),
  );
}

for (const [title, args] of [
  ['imported', []],
  ['with register', ['--require', REGISTER]],
]) {
  test(`no option of threads is inherited: ${title}`, async () => {
    const data = { names: optionNames(), processor: fixture('options-seen.js') };
    const { before, changed } = await runProgram(observe, { data, args });
    assert.equal(before[0][0], 'result');
    assert.deepEqual(changed, {});
  });
}
