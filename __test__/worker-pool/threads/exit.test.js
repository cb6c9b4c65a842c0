'use strict';

// A process with a pool ends by itself as soon as no work is left, with the right exit code,
// without output on stderr, and without waiting for a thread.

const assert = require('node:assert/strict');
const { spawn } = require('node:child_process');
const { once } = require('node:events');
const path = require('node:path');
const { runScript } = require('../../helpers/script.js');
const { test, fixture, forms, processors } = require('../../helpers/pool-session.js');

// Far more than any of these needs, and far less than waiting for a thread.
const LIMIT = { timeout: 60_000 };

const prelude = (processor) => `
  const { WorkerPool } = require('async-hooks-rs');
  const pool = new WorkerPool(2, ${JSON.stringify(processor)});
  const add = (a, b) => ({ action: 'add', a, b });
  const flood = (count) => {
    for (let a = 0; a < count; a++) pool.run(add(a, 1)).catch(() => {});
  };
`;

const endings = {
  'by itself, before the threads have started': { source: '' },
  'by itself, with threads that are idle': {
    source: `
      pool.run(add(1, 2)).then((result) => setTimeout(() => console.log(result), 50));
    `,
    stdout: '3\n',
  },
  'by itself, when the last task is done': {
    source: `
      let done = 0;
      for (let a = 0; a < 500; a++) pool.runTask(add(a, 1), () => { done++; });
      process.on('exit', () => console.log(done, pool.running, pool.queueSize));
    `,
    stdout: '500 0 0\n',
  },
  'by itself, with tasks submitted by callbacks': {
    source: `
      let left = 100;
      const again = () => { if (left-- > 0) pool.runTask(add(1, 1), again); };
      again();
      process.on('exit', () => console.log(left));
    `,
    stdout: '-1\n',
  },
  'by itself, after drain()': {
    source: `
      flood(100);
      pool.drain().then(() => console.log(pool.completed));
    `,
    stdout: '100\n',
  },
  'by itself, after close()': {
    source: `
      flood(100);
      pool.close().then(() => console.log('closed', pool.numThreads));
    `,
    stdout: 'closed 0\n',
  },
  'by itself, with a second pool busy': {
    source: `
      const other = new WorkerPool(1);
      other.run({ a: 20, b: 22 }).then(console.log);
    `,
    stdout: '42\n',
  },
  'by process.exit() right after the constructor': { source: 'process.exit(4);', code: 4 },
  'by process.exit() right after a task was submitted': {
    source: 'flood(1); process.exit(4);',
    code: 4,
  },
  'by process.exit() right after 10,000 tasks were submitted': {
    source: 'flood(10_000); process.exit(4);',
    code: 4,
  },
  'by process.exit() while the threads start': {
    source: 'flood(10); setTimeout(() => process.exit(4), 1);',
    code: 4,
  },
  'by process.exit() with an idle pool': {
    source: 'pool.run(add(1, 1)).then(() => setTimeout(() => process.exit(4), 20));',
    code: 4,
  },
  'by process.exit() with a busy pool': {
    source: `
      let done = 0;
      const again = () => {
        if (++done === 300) process.exit(4);
        flood(3);
        pool.runTask(add(1, 1), again);
      };
      again();
    `,
    code: 4,
  },
  'by process.exit() in a callback': {
    source: 'flood(50); pool.runTask(add(1, 1), () => process.exit(4)); flood(50);',
    code: 4,
  },
  'by process.exit() while close() is under way': {
    source: 'flood(50); pool.run(add(1, 1)).then(() => { pool.close(); process.exit(4); });',
    code: 4,
  },
  'by process.reallyExit() with a busy pool': {
    source: 'pool.run(add(1, 1)).then(() => { flood(500); process.reallyExit(4); });',
    code: 4,
  },
  'by process.exit() in an exit handler': {
    source: 'flood(10); process.on("exit", () => { flood(10); process.exit(4); });',
    code: 4,
  },
  'by an exception with an idle pool': {
    source: 'pool.run(add(1, 1)).then(() => setTimeout(() => { throw new Error("mine"); }, 20));',
    code: 1,
    stderr: /Error: mine\n/,
  },
  'by an exception with a busy pool': {
    source: 'flood(1000); pool.runTask(add(1, 1), () => { flood(100); throw new Error("mine"); });',
    code: 1,
    stderr: /Error: mine\n/,
  },
  'by an exception right after a task was submitted': {
    source: 'flood(10); throw new Error("mine");',
    code: 1,
    stderr: /Error: mine\n/,
  },
};

function assertEnd(outcome, { code = 0, stdout = '', stderr = '' }) {
  assert.deepEqual([outcome.code, outcome.signal], [code, null], outcome.stderr);
  assert.equal(outcome.stdout, stdout);
  if (stderr === '') assert.equal(outcome.stderr, '');
  else assert.match(outcome.stderr, stderr);
}

for (const [form, processor] of processors('failures')) {
  for (const [ending, { source, ...expected }] of Object.entries(endings)) {
    test(`the process ends ${ending}, ${form}`, async () => {
      assertEnd(await runScript(prelude(processor) + source, LIMIT), expected);
    });
  }
}

for (const [form, processor] of forms('failures')) {
  // Waiting for these tasks would take forever.
  for (const action of ['loop', 'never', 'sleep']) {
    test(`process.exit() ends the process while tasks never end: ${action}, ${form}`, async () => {
      assertEnd(
        await runScript(
          `${prelude(processor)}
        pool.run(add(1, 1)).then(() => {
          pool.run({ action: '${action}' });
          pool.run({ action: '${action}' });
          setTimeout(() => process.exit(4), 50);
        });
      `,
          LIMIT,
        ),
        { code: 4 },
      );
    });
  }
}

test('an outstanding task keeps the process alive', async () => {
  const outcome = await runScript(
    `${prelude(fixture('failures-function.js'))}
    const started = Date.now();
    pool.run({ action: 'wait', milliseconds: 300 }).then(() => {
      console.log(Date.now() - started >= 299);
    });
  `,
    LIMIT,
  );
  assertEnd(outcome, { stdout: 'true\n' });
});

for (const [form, processor] of processors('failures')) {
  for (const busy of [false, true]) {
    test(
      `SIGTERM ends a process with ${busy ? 'a busy' : 'an idle'} pool, ${form}`,
      async () => {
        const child = spawn(
          process.execPath,
          [
            ...process.execArgv,
            '-e',
            `${prelude(processor)}
        const again = () => { flood(100); pool.drain().then(again); };
        pool.run(add(1, 1)).then(() => {
          console.log('ready');
          if (${busy}) again();
          else setInterval(() => {}, 1000);
        });
      `,
          ],
          { cwd: path.resolve(__dirname, '..', '..', '..') },
        );
        let stderr = '';
        child.stderr.on('data', (data) => {
          stderr += data;
        });
        await once(child.stdout, 'data');
        child.kill('SIGTERM');
        const [code, signal] = await once(child, 'close');
        assert.deepEqual([code, signal, stderr], [null, 'SIGTERM', '']);
      },
      { skip: process.platform === 'win32' },
    );
  }
}
