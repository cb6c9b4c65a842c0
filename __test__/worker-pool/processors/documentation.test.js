'use strict';

// The usage example of Node's documentation prints the documented output, with only its import
// changed: as CommonJS and as an ES module, with up to many threads.

const assert = require('node:assert/strict');
const { execFile } = require('node:child_process');
const path = require('node:path');
const { runScript } = require('../../helpers/script.js');
const { test } = require('../../helpers/pool-session.js');

const root = path.resolve(__dirname, '..', '..', '..');

const usage = (threads) => `
const pool = new WorkerPool(${threads});

let finished = 0;
for (let i = 0; i < 10; i++) {
  pool.runTask({ a: 42, b: 100 }, (err, result) => {
    console.log(i, err, result);
    if (++finished === 10)
      pool.close();
  });
}
`;

const PRINTED = Array.from({ length: 10 }, (_, i) => `${i} null 142\n`);

/** Each line once; the order depends on the threads. */
function assertPrinted({ code, signal, stdout, stderr }, ordered) {
  assert.deepEqual({ code, signal, stderr }, { code: 0, signal: null, stderr: '' });
  const lines = stdout.match(/.*\n/g) ?? [];
  if (!ordered) lines.sort();
  assert.deepEqual(lines, PRINTED);
}

function runModule(source) {
  return new Promise((resolve) => {
    const args = [...process.execArgv, '--input-type=module', '-e', source];
    const child = execFile(
      process.execPath,
      args,
      { cwd: root, timeout: 20_000 },
      (error, stdout, stderr) => {
        resolve({ code: child.exitCode, signal: child.signalCode, stdout, stderr });
      },
    );
  });
}

for (const threads of ['os.availableParallelism()', 1, 2, 16]) {
  test(`the example prints its lines as CommonJS, ${threads} threads`, async () => {
    assertPrinted(
      await runScript(
        `
      const WorkerPool = require('async-hooks-rs/worker-pool');
      const os = require('node:os');
      ${usage(threads)}`,
        { timeout: 20_000 },
      ),
      threads === 1,
    );
  });

  test(`the example prints its lines as an ES module, ${threads} threads`, async () => {
    assertPrinted(
      await runModule(`
      import WorkerPool from 'async-hooks-rs/worker-pool';
      import os from 'node:os';
      ${usage(threads)}`),
      threads === 1,
    );
  });
}

test('the example prints its lines with the other ways to import it', async () => {
  assertPrinted(
    await runModule(`
    import { WorkerPool } from 'async-hooks-rs';
    ${usage(1)}`),
    true,
  );
  assertPrinted(
    await runScript(`
    const { WorkerPool } = require('async-hooks-rs/worker-pool');
    ${usage(1)}`),
    true,
  );
});

test('without close() the example prints the same and ends by itself', async () => {
  assertPrinted(
    await runScript(
      `
    const WorkerPool = require('async-hooks-rs/worker-pool');
    const os = require('node:os');
    ${usage('os.availableParallelism()').replace(/if \(\+\+finished[^;]*;/, '')}`,
      { timeout: 20_000 },
    ),
    false,
  );
});
