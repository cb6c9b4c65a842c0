'use strict';

// Every example prints exactly what its comment promises, as an ES module and as CommonJS, and
// `npm start` runs them all and notices one that does not.

const { describe, it } = require('node:test');
const assert = require('node:assert/strict');
const { execFile } = require('node:child_process');
const path = require('node:path');
const { name } = require('./helpers/engine.js');
const { exampleFiles, documentedOutput } = require('../examples/support/documented.js');
const { runExample, difference } = require('../examples/support/run.js');

const EXAMPLES = [
  'async-await', 'async-resource', 'db-query', 'enter-with', 'enter-with-events', 'event-emitter',
  'exit', 'http-logger', 'run-throw', 'snapshot', 'snapshot-class',
];

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
  });

  for (const file of exampleFiles()) {
    it(`${file} prints what it documents, and ends by itself`, async () => {
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
      assert.ok(stdout.includes(`\n== ${file}\n${documentedOutput(file)}`), file);
    }
    for (const id of [0, 1, 2]) {
      assert.ok(stdout.includes(`${id}: answered by the shared connection\n`));
    }
    assert.ok(stdout.includes(`Carried by the engine '${name}'`));
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
