'use strict';

// The option `runtime`: what is refused together with processes, and what cannot start there.

const assert = require('node:assert/strict');
const { execFile } = require('node:child_process');
const { promisify } = require('node:util');
const { WorkerPool } = require('../../../index.js');
const { fixture, poolTest, test } = require('../../helpers/pool-session.js');
const { processorFolder } = require('../../helpers/processor-folder.js');
const host = require('../../helpers/runtimes.js');

const file = fixture('process.cjs');
const runtime = 'child_process';

const range = 'ERR_OUT_OF_RANGE';
const type = 'ERR_INVALID_ARG_TYPE';

function refused(processor, options, code, message) {
  assert.throws(() => new WorkerPool(1, processor, options), { code, message });
}

test('what it may be', () => {
  refused(file, { runtime: 1 }, type, /"options\.runtime" property must be of type string/);
  refused(file, { runtime: 'fibers' }, range, /'worker_threads' or 'child_process'/);
  refused({ native: 'add' }, { runtime }, range, /"options\.runtime".*native processor/);
});

const onlyThreads = () => {
  const message = /"options\.runtime".* must be 'worker_threads' on this host, which is not Node/;
  refused(file, { runtime }, range, message);
  refused((task) => task, { runtime }, range, message);
};
test('there are no processes on other hosts', onlyThreads, { skip: host.runtime === 'node' });

test('what processes may be given', () => {
  refused(file, { runtime, resourceLimits: {} }, range, /"options\.resourceLimits".*execArgv/);
  refused(file, { runtime, execArgv: 'x' }, type, /"options\.execArgv"/);
  refused(file, { runtime, argv: 'x' }, type, /"options\.argv"/);
  refused(file, { runtime, env: 'x' }, type, /"options\.env"/);
});

test('flags that say what the program runs are not inherited, nor are their values', async () => {
  const program = `
    const { WorkerPool } = require('async-hooks-rs');
    const pool = new WorkerPool(1, process.argv[1], { runtime: '${runtime}' });
    pool.run(1, { export: 'where' }).then(({ execArgv }) => console.log(execArgv.join(' ')));`;
  const flags = ['--test-name-pattern', 'one', '--test-name-pattern=two', '-C', 'three'];
  const args = [...flags, '--eval', program, file];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: __dirname });
  assert.equal(stdout, '-C three\n');
});

poolTest("'worker_threads' is the default", {}, async ({ open }) => {
  const pool = open(1, file, { runtime: 'worker_threads' });
  assert.equal((await pool.run(1, { export: 'where' })).pid, process.pid);
});

for (const [title, source, code, message] of [
  [
    'that listens for messages',
    "const { parentPort } = require('node:worker_threads'); parentPort.on('message', () => {});",
    'ERR_WORKER_POOL_PROCESSOR',
    /in a process there is no parentPort/,
  ],
  ['that exits', 'process.exit(5);', 'ERR_WORKER_POOL_WORKER_EXIT', /exit code 5 before its/],
]) {
  poolTest(`a processor ${title} cannot start`, {}, async ({ open, submit }, t) => {
    const pool = open(1, processorFolder(t)('a.cjs', source), { runtime });
    const { error } = await submit(pool, 1);
    assert.equal(error.code, 'ERR_WORKER_POOL_WORKER_START');
    assert.equal(error.cause.code, code);
    assert.match(error.cause.message, message);
  });
}

poolTest('workerData that no process can have', {}, async ({ open, submit }) => {
  const { error } = await submit(
    open(1, file, { runtime, workerData: new SharedArrayBuffer(8) }),
    1,
  );
  assert.equal(error.code, 'ERR_WORKER_POOL_WORKER_START');
  assert.equal(error.cause.code, 'ERR_WORKER_POOL_NOT_CLONEABLE');
  assert.match(error.cause.message, /workerData .*another process/);
});

poolTest(
  'several tasks at once, a function as the processor, ES modules',
  {},
  async ({ open }, t) => {
    const source = `
    let running = 0;
    let most = 0;
    export default async (task, { id }) => {
      most = Math.max(most, ++running);
      while (most < 3) await new Promise(setImmediate);
      running--;
      return id;
    };`;
    const several = open(1, processorFolder(t)('a.mjs', source), { runtime, tasksPerWorker: 3 });
    const ids = await Promise.all([1, 2, 3].map((task) => several.run(task)));
    assert.equal(new Set(ids).size, 3);
    const fn = open(1, (task) => [task, process.pid], { runtime });
    const [task, pid] = await fn.run('x');
    assert.equal(task, 'x');
    assert.notEqual(pid, process.pid);
  },
);
