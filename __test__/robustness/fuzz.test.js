'use strict';

// Odd arguments, receivers and callbacks do no more than throw: the process ends with code 0, the
// caller's context is unchanged, and context is still carried afterwards.

const assert = require('node:assert/strict');
const test = require('node:test');
const { runScript } = require('../helpers/script.js');

const ROUNDS = 250;
const SEEDS = [Number(process.env.SEED ?? 1), 2, 3];

for (const hooks of ['none', 'always', 'sometimes']) {
  for (const seed of SEEDS) {
    test(`odd calls only throw: seed ${seed}, hooks of others: ${hooks}`, async () => {
      const source = `
        process.argv.splice(1, 0, 'fuzz', '${seed}', '${ROUNDS}', '${hooks}');
        require('./__test__/fixtures/fuzz.js');
      `;
      const { code, signal, stdout, stderr } = await runScript(source, { timeout: 20_000 });
      assert.deepEqual({ code, signal }, { code: 0, signal: null }, `seed ${seed}\n${stderr}`);
      const stats = JSON.parse(stdout);
      assert.equal(stats.seed, seed);
      assert.ok(stats.calls > ROUNDS && stats.thrown > ROUNDS, stdout);
      assert.ok(stats.thrown < stats.calls * 0.8, 'hardly anything was accepted');
    });
  }
}
