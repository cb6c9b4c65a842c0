'use strict';

// Native code finds in V8's slot the same store as getStore(), at every step of random programs in
// which storages of Node's class (an agent's) and ours are entered inside each other. And the
// programs behave as if all storages were of Node's class.

const assert = require('node:assert/strict');
const test = require('node:test');
const { name } = require('../helpers/engine.js');
const { runProgram } = require('../helpers/program.js');

const PROGRAMS = 300;
const only = { skip: name !== 'frame' && 'native code reads nothing here' };
const FIRST_SEED = Number(process.env.ASYNC_HOOKS_RS_TEST_SEED ?? Date.now() % 2 ** 32);

for (const [title, readers] of [
  ['no reader is loaded', '0'],
  ['a reader is loaded', '1'],
]) {
  test(`${PROGRAMS} random programs where ${title}`, only, async (t) => {
    t.diagnostic(`ASYNC_HOOKS_RS_TEST_SEED=${FIRST_SEED}`);
    const { wrong, differ } = await runProgram(
      async ({ first, count, visible }) => {
        const { AsyncLocalStorage } = require('async-hooks-rs');
        const { AsyncLocalStorage: NodeStorage } = require('node:async_hooks');
        const { runRandomProgram } = require('./__test__/fixtures/native-view.js');
        const found = { wrong: [], differ: [] };
        for (let seed = first; seed < first + count; seed++) {
          const ours = await runRandomProgram(seed, AsyncLocalStorage, visible);
          const nodes = await runRandomProgram(seed, NodeStorage, true);
          for (const text of [...ours.wrong, ...nodes.wrong]) found.wrong.push(`${seed}: ${text}`);
          const i = ours.log.findIndex((line, at) => line !== nodes.log[at]);
          if (i >= 0) found.differ.push(`${seed}: ${ours.log[i]}, with Node's ${nodes.log[i]}`);
        }
        return found;
      },
      {
        args: ['--expose-internals'],
        env: { ASYNC_HOOKS_RS_NATIVE_READERS: readers },
        data: { first: FIRST_SEED, count: PROGRAMS, visible: readers === '1' },
      },
    );
    assert.deepEqual(wrong, []);
    assert.deepEqual(differ, []);
  });
}
