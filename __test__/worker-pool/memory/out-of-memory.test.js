'use strict';

// Too little memory for the copy of a value: its task fails, with a code, and the pool goes on.
// prlimit makes memory scarce, on Linux: it limits the address space of the process.

const assert = require('node:assert/strict');
const { spawnSync } = require('node:child_process');
const { poolSuite } = require('../../helpers/pool-suite.js');
const { runProgram } = require('../../helpers/program.js');
const { takesBlocks, withCopies } = require('../../helpers/received-memory.js');

const suiteTest = poolSuite();
const hasPrlimit = spawnSync('prlimit', ['--version']).status === 0;
const test = (title, body) =>
  hasPrlimit
    ? suiteTest(title, body)
    : suiteTest(`${title} (not tested: there is no prlimit here)`, () => {});

const LARGE = 300_000_000;
const CODE = 'ERR_WORKER_POOL_OUT_OF_MEMORY';

// Runs each task of `tasks` with room for that many more bytes.
async function program({ processor, tasks, room }) {
  const fs = require('node:fs');
  const { execFileSync } = require('node:child_process');
  const { WorkerPool } = require('async-hooks-rs');
  const pool = new WorkerPool(1, processor ?? undefined);
  const small = processor === null ? { a: 1, b: 2 } : 'small';
  await pool.run(small);
  const values = tasks.map((task) => {
    if (task.bytes) return new Uint8Array(task.bytes).fill(1);
    if (task.string) return { a: 'x'.repeat(task.string), b: 'y' };
    return task;
  });
  const size = 1024 * /VmSize:\s+(\d+)/.exec(fs.readFileSync('/proc/self/status', 'utf8'))[1];
  execFileSync('prlimit', ['--pid', `${process.pid}`, `--as=${size + room}`]);
  const codeOf = ({ reason }) =>
    reason === undefined ? 'worked' : (reason.code ?? reason.message);
  const outcomes = [];
  for (const value of values) {
    // Two at a time: the other task is not affected.
    const [large, other] = await Promise.allSettled([pool.run(value), pool.run(small)]);
    outcomes.push(codeOf(large), other.value ?? codeOf(other));
  }
  const after = await pool.run(small);
  await pool.close();
  return { outcomes, after };
}

const processor = require.resolve('../../fixtures/pool/function-large-result.js');
const cases = {
  'a task that is binary data': {
    data: { processor, tasks: [{ bytes: LARGE }, { bytes: LARGE }] },
  },
  'a task of which there is room for one copy, where it takes two': {
    data: { processor, tasks: [{ bytes: LARGE }] },
    room: 1.5,
    options: withCopies,
  },
  'a task that is a string': { data: { processor, tasks: [{ string: LARGE }] } },
  'a result that is binary data': {
    data: { processor, tasks: [{ make: 'bytes', size: LARGE }] },
    room: 1.5,
  },
  'a result that is a string': {
    data: { processor, tasks: [{ make: 'string', size: LARGE }] },
    room: 0.5,
  },
  "a result of the documentation's form of processor": {
    data: {
      processor: require.resolve('../../fixtures/pool/docs-large-result.js'),
      tasks: [{ make: 'bytes', size: LARGE }],
    },
    room: 1.5,
  },
  'an error with binary data': {
    data: { processor, tasks: [{ make: 'error', size: LARGE }] },
    room: 1.5,
  },
  'a task of a native processor': {
    data: { processor: null, tasks: [{ string: LARGE }] },
    small: 3,
  },
};

for (const [title, scenario] of Object.entries(cases)) {
  const { data, room = 0.5, small = 'small'.length, options } = scenario;
  test(title, async () => {
    const { outcomes, after } = await runProgram(program, {
      data: { ...data, room: LARGE * room },
      timeout: 120_000,
      ...options,
    });
    assert.deepEqual(
      outcomes,
      data.tasks.flatMap(() => [CODE, small]),
    );
    assert.equal(after, small);
  });
}

if (takesBlocks) {
  test('a task of which there is room for one copy, where it takes no more, works', async () => {
    const { outcomes, after } = await runProgram(program, {
      data: { processor, tasks: [{ bytes: LARGE }], room: LARGE * 1.5 },
      timeout: 120_000,
    });
    assert.deepEqual(outcomes, ['worked', 'small'.length]);
    assert.equal(after, 'small'.length);
  });
}
