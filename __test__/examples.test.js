'use strict';

// Every example prints exactly the output in its comment, as an ES module and as CommonJS, and
// `npm start` runs them all and reports one that does not. Without the addon, the examples of the
// worker pool are left out.

const { describe, it } = require('node:test');
const assert = require('node:assert/strict');
const { execFile } = require('node:child_process');
const path = require('node:path');
const { engine } = require('../index.js');
const { name } = require('./helpers/engine.js');
const {
  exampleFiles, needsAddon, documentedOutput, inDocumentedOrder,
} = require('../examples/support/documented.js');
const { runExample, difference } = require('../examples/support/run.js');

const EXAMPLES = [
  'async-await', 'async-context', 'async-resource', 'db-query', 'enter-with', 'enter-with-events',
  'event-emitter', 'exit', 'http-logger', 'run-throw', 'snapshot', 'snapshot-class',
  'worker-pool', 'worker-pool-abort', 'worker-pool-back-pressure', 'worker-pool-buffers',
  'worker-pool-context', 'worker-pool-docs-processor', 'worker-pool-errors',
  'worker-pool-function', 'worker-pool-progress',
];

const { native } = engine();
const runnable = (file) => native.loaded || !needsAddon(file);

describe('examples', { concurrency: 2 }, () => {
  it('each exists in both forms, which promise the same', () => {
    const files = EXAMPLES.flatMap((example) => [`${example}.cjs`, `${example}.mjs`]);
    assert.deepEqual(exampleFiles(), files.sort());
    for (const example of EXAMPLES) {
      assert.equal(documentedOutput(`${example}.cjs`), documentedOutput(`${example}.mjs`));
    }
  });

  it('the promises of the documentation are kept word for word', () => {
    assert.equal(documentedOutput('http-logger.mjs'),
      '0: start\n1: start\n0: finish\n1: finish\n');
    assert.equal(documentedOutput('snapshot.mjs'), '123\n');
    assert.equal(documentedOutput('snapshot-class.mjs'), '123\n');
    assert.equal(documentedOutput('worker-pool.mjs'),
      Array.from({ length: 10 }, (_, i) => `${i} null 142\n`).join(''));
  });

  for (const file of exampleFiles()) {
    const options = { skip: runnable(file) ? false : 'the addon cannot be loaded' };
    it(`${file} prints what it documents, and ends by itself`, options, async () => {
      const { code, signal, stdout, stderr } = await runExample(file);
      assert.deepEqual({ code, signal, stderr }, { code: 0, signal: null, stderr: '' });
      assert.equal(stdout, documentedOutput(file));
    });
  }
});

describe('npm start', () => {
  it('runs the logger and all examples, and names the engine', async () => {
    const index = path.join(__dirname, '..', 'examples', 'index.js');
    const { code, stdout, stderr } = await new Promise((resolve) => {
      const args = [...process.execArgv, index];
      const child = execFile(process.execPath, args, (error, out, err) => {
        resolve({ code: child.exitCode, stdout: out, stderr: err });
      });
    });
    assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
    for (const file of exampleFiles()) {
      const printed = `\n== ${file}\n${documentedOutput(file)}`;
      assert.equal(stdout.includes(printed), runnable(file), file);
    }
    assert.equal(stdout.includes('\nLeft out: '), !native.loaded);
    for (const id of [0, 1, 2]) {
      assert.ok(stdout.includes(`${id}: answered by the shared connection\n`));
    }
    assert.ok(stdout.includes(`Carried by the engine '${name}'`));
  });

  it('takes lines in any order where the comment says so, and nowhere else', () => {
    assert.equal(inDocumentedOrder('worker-pool.mjs', '1 null 142\n0 null 142\n'),
      '0 null 142\n1 null 142\n');
    assert.equal(inDocumentedOrder('worker-pool-abort.mjs', 'b\na\n'), 'b\na\n');
  });

  it('says what differs', () => {
    const outcome = { code: 0, signal: null, stdout: '123\n', stderr: '' };
    assert.equal(difference('123\n', outcome), undefined);
    assert.match(difference('321\n', outcome), /documented:\n321\nprinted:\n123/);
    assert.match(difference('123\n', { ...outcome, code: 1, stderr: 'Error' }),
      /exit code 1\nError/);
    assert.match(difference('123\n', { ...outcome, code: null, signal: 'SIGTERM' }), /SIGTERM/);
  });
});
