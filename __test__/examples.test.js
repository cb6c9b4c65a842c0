'use strict';

// Every example prints exactly the output in its comment, as an ES module and as CommonJS. One run
// of `npm start`, which runs them all and reports one that does not, shows it of each. Without the
// addon, the examples of the worker pool are left out.

const { before, describe, it } = require('node:test');
const assert = require('node:assert/strict');
const { execFile } = require('node:child_process');
const path = require('node:path');
const { engine } = require('../index.js');
const { name } = require('./helpers/engine.js');
const {
  exampleFiles,
  needsAddon,
  documentedOutput,
  inDocumentedOrder,
} = require('../examples/support/documented.js');
const { difference } = require('../examples/support/run.js');

const EXAMPLES = [
  'async-await',
  'async-context',
  'async-resource',
  'carry',
  'db-query',
  'enter-with',
  'enter-with-events',
  'event-emitter',
  'exit',
  'http-logger',
  'run-throw',
  'snapshot',
  'snapshot-class',
  'worker-pool',
  'worker-pool-abort',
  'worker-pool-back-pressure',
  'worker-pool-buffers',
  'worker-pool-call',
  'worker-pool-context',
  'worker-pool-contexts',
  'worker-pool-docs-processor',
  'worker-pool-errors',
  'worker-pool-function',
  'worker-pool-map',
  'worker-pool-progress',
  'worker-pool-shutdown',
  'worker-pool-stream',
];

const { native } = engine();
const runnable = (file) => native.loaded || !needsAddon(file);

describe('examples', () => {
  it('each exists in both forms, which promise the same', () => {
    const files = EXAMPLES.flatMap((example) => [`${example}.cjs`, `${example}.mjs`]);
    assert.deepEqual(exampleFiles(), files.sort());
    for (const example of EXAMPLES) {
      assert.equal(documentedOutput(`${example}.cjs`), documentedOutput(`${example}.mjs`));
    }
  });

  it('the promises of the documentation are kept word for word', () => {
    assert.equal(documentedOutput('http-logger.mjs'), '0: start\n1: start\n0: finish\n1: finish\n');
    assert.equal(documentedOutput('snapshot.mjs'), '123\n');
    assert.equal(documentedOutput('snapshot-class.mjs'), '123\n');
    assert.equal(
      documentedOutput('worker-pool.mjs'),
      Array.from({ length: 10 }, (_, i) => `${i} null 142\n`).join(''),
    );
  });
});

describe('npm start', () => {
  let run;
  before(async () => {
    const index = path.join(__dirname, '..', 'examples', 'index.js');
    run = await new Promise((resolve) => {
      const args = [...process.execArgv, index];
      const child = execFile(process.execPath, args, (error, stdout, stderr) => {
        resolve({ code: child.exitCode, stdout, stderr });
      });
    });
  });

  for (const file of exampleFiles()) {
    const options = { skip: runnable(file) ? false : 'the addon cannot be loaded' };
    it(`${file} prints what it documents, and ends by itself`, options, () => {
      assert.ok(!run.stderr.includes(`FAILED: ${file}: `), run.stderr);
      const [, printed] = run.stdout.split(`\n== ${file}\n`);
      assert.equal(printed.split(/\n(?=== |Left out: |Carried by )/)[0], documentedOutput(file));
    });
  }

  it('runs the logger and all examples, and names the engine', () => {
    const { code, stdout, stderr } = run;
    assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
    for (const file of exampleFiles()) {
      assert.equal(stdout.includes(`\n== ${file}\n`), runnable(file), file);
    }
    assert.equal(stdout.includes('\nLeft out: '), !native.loaded);
    for (const id of [0, 1, 2]) {
      assert.ok(stdout.includes(`${id}: answered by the shared connection\n`));
    }
    assert.ok(stdout.includes(`Carried by the engine '${name}'`));
  });

  it('takes lines in any order where the comment says so, and nowhere else', () => {
    assert.equal(
      inDocumentedOrder('worker-pool.mjs', '1 null 142\n0 null 142\n'),
      '0 null 142\n1 null 142\n',
    );
    assert.equal(inDocumentedOrder('worker-pool-abort.mjs', 'b\na\n'), 'b\na\n');
  });

  it('says what differs', () => {
    const outcome = { code: 0, signal: null, stdout: '123\n', stderr: '' };
    assert.equal(difference('123\n', outcome), undefined);
    assert.match(difference('321\n', outcome), /documented:\n321\nprinted:\n123/);
    assert.match(
      difference('123\n', { ...outcome, code: 1, stderr: 'Error' }),
      /exit code 1\nError/,
    );
    assert.match(difference('123\n', { ...outcome, stderr: 'Warning' }), /stderr:\nWarning/);
    assert.match(difference('123\n', { ...outcome, code: null, signal: 'SIGTERM' }), /SIGTERM/);
  });
});
