'use strict';

// How the processes of a pool end: by the tasks, by the pool, and with the program that has it. No
// process is left in any case.

const assert = require('node:assert/strict');
const { spawn } = require('node:child_process');
const { once } = require('node:events');
const fs = require('node:fs');
const { events, fixture, poolTest, test } = require('../../helpers/pool-session.js');
const { processorFolder } = require('../../helpers/processor-folder.js');
const { runScript } = require('../../helpers/script.js');
const { until } = require('../../helpers/with-pool.js');

const file = fixture('process.cjs');
const runtime = 'child_process';

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    assert.equal(error.code, 'ESRCH');
    return false;
  }
}

poolTest('a function may replace the global process', {}, async ({ open, submit }, t) => {
  const source = `module.exports = ({ later }) => {
    globalThis.process = {};
    if (!later) return 'ok';
    setImmediate(() => { throw new RangeError('later'); });
    return new Promise(() => {});
  };`;
  const pool = open(1, processorFolder(t)('odd.js', source), { runtime });
  for (const later of [false, true, false]) {
    const { error, result } = await submit(pool, { later }, { timeout: 10_000 });
    assert.deepEqual([error?.message, result], later ? ['later', null] : [undefined, 'ok']);
  }
});

poolTest('a process that ends fails its task, once, and is replaced', {}, async (session) => {
  const pool = session.open(1, file, { runtime, stdout: 'pipe', stderr: 'pipe' });
  const submit = (name, task, options) =>
    session.submit(pool, task, { export: name, ...options }).then(({ error }) => error);
  const where = async () => (await pool.run(1, { export: 'where' })).pid;
  const texts = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr']) {
    pool[name].setEncoding('utf8').on('data', (chunk) => {
      texts[name] += chunk;
    });
  }

  // By an error that nobody catches, which Node does not print.
  const pids = [await where()];
  const uncaught = await submit('throwLater');
  assert.ok(uncaught instanceof RangeError);
  assert.deepEqual([uncaught.message, uncaught.code], ['later', 'E_LATER']);
  pids.push(await where());
  const large = await submit('throwLater', 'x'.repeat(2 ** 20));
  assert.equal(large.code, 'ERR_WORKER_POOL_NOT_CLONEABLE');
  assert.match(large.message, /another process/);
  assert.deepEqual(texts, { stdout: '', stderr: '' });

  // By itself.
  pids.push(await where());
  const exited = await submit('exit', { code: 3, text: 'last words' });
  assert.deepEqual([exited.code, exited.exitCode], ['ERR_WORKER_POOL_WORKER_EXIT', 3]);
  assert.match(exited.message, /exit code 3 before it replied/);
  assert.equal(texts.stdout, 'last words');

  // By a crash. On Windows there are no signals, and only the exit code is known.
  pids.push(await where());
  const crashed = await submit('abort');
  assert.equal(crashed.code, 'ERR_WORKER_POOL_WORKER_EXIT');
  if (process.platform !== 'win32') {
    assert.deepEqual([crashed.signal, crashed.exitCode], ['SIGABRT', undefined]);
    assert.match(crashed.message, /signal SIGABRT before it replied/);
  }

  // After its reply.
  pids.push(await where());
  const failed = events(pool, 'error', 1);
  assert.equal(await pool.run(4, { export: 'exitLater' }), 'returned');
  const [[idle]] = await failed;
  assert.deepEqual([idle.code, idle.exitCode], ['ERR_WORKER_POOL_WORKER_EXIT', 4]);
  assert.match(idle.message, /while it was idle/);

  // By the pool, in a loop.
  pids.push(await where());
  const expired = await submit('loop', 1, { timeout: 20 });
  assert.equal(expired.code, 'ERR_WORKER_POOL_TASK_TIMEOUT');
  let closed;
  await new Promise((resolve) => {
    closed = submit('loop', 1, { onProgress: (pid) => resolve(pids.push(pid)) });
  });
  assert.equal(new Set(pids).size, 7);
  // A process that was killed may take longer to end than the next one to start.
  await until(() => pids.filter(isAlive).length === 1);
  assert.ok(isAlive(pids[6]));
  await pool.close();
  assert.equal((await closed).code, 'ERR_WORKER_POOL_CLOSED');
  assert.ok(!isAlive(pids[6])); // when close() is done, and not later
});

poolTest('processes are recycled, and tear down', {}, async ({ open }, t) => {
  const write = processorFolder(t);
  const torn = write('torn');
  const source = `
    exports.default = () => process.pid;
    exports.teardown = async () => {
      await null;
      require('node:fs').appendFileSync(${JSON.stringify(torn)}, process.pid + ' ');
    };`;
  const pool = open(1, write('a.cjs', source), { runtime, maxWorkerMemory: 1 });
  const gone = events(pool, 'workerDestroy', 1);
  const pids = [await pool.run(1)]; // it has more than a byte
  await gone;
  assert.deepEqual(pids.filter(isAlive), []);
  await pool.ready();
  await pool.close();
  const written = fs.readFileSync(torn, 'utf8').trim().split(' ').map(Number);
  assert.deepEqual([written[0], written.length], [pids[0], 2]);
  assert.deepEqual(written.filter(isAlive), []);
});

test('nothing is left of the process of a pool that was collected', async () => {
  const { stdout, stderr } = await runScript(`
    const { WorkerPool } = require('async-hooks-rs');
    const { gc } = require('./__test__/helpers/gc.js');
    const { until } = require('./__test__/helpers/with-pool.js');
    const isGone = (pid) => {
      gc();
      try {
        return !process.kill(pid, 0);
      } catch ({ code }) {
        return code === 'ESRCH';
      }
    };
    (async () => {
      const pool = new WorkerPool(1, ${JSON.stringify(file)}, { runtime: '${runtime}' });
      return (await pool.run(1, { export: 'where' })).pid;
    })()
      .then((pid) => until(() => isGone(pid), 50))
      .then(() => console.log('gone'));`);
  assert.equal(stdout, 'gone\n', stderr);
});

const program = `
  const { WorkerPool } = require('async-hooks-rs');
  const pool = new WorkerPool(1, process.argv[1], { runtime: 'child_process' });
  pool.run(1, { export: 'loop', onProgress: (pid) => console.log(pid) });
`;

test('no process is left when the program is killed, even one in a loop', async () => {
  const options = { cwd: __dirname, stdio: ['ignore', 'pipe', 'inherit'] };
  const child = spawn(process.execPath, ['--eval', program, file], options);
  const [chunk] = await once(child.stdout, 'data');
  const pid = Number(chunk);
  assert.ok(isAlive(pid));
  child.kill('SIGKILL');
  await once(child, 'exit');
  await until(() => !isAlive(pid));
});
