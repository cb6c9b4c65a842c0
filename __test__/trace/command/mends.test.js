'use strict';

// --try-mends runs the program again with each mend put in, and says what came of it.

const { describe, it } = require('node:test');
const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { folderFor, runTrace, startTrace } = require('../helpers/command.js');

const fixture = (name) => path.join(__dirname, 'fixtures', name);

/** The report without the ends of its lines. */
const unwrapped = (text) => text.replaceAll(/\s+/g, ' ');

async function tried(t, name) {
  const file = path.join(folderFor(t), 'report.json');
  const args = ['--try-mends', '--json', file, '--', 'node', fixture(name)];
  const outcome = await runTrace(args);
  const { findings } = JSON.parse(fs.readFileSync(file, 'utf8'));
  return { ...outcome, findings };
}

describe('--try-mends', () => {
  it('a mend that makes every read right', async (t) => {
    const { stdout, stderr, findings } = await tried(t, 'lost.js');
    assert.equal(stdout, 'a: lost\nb: lost\nc: lost\n'); // of the first run only
    assert.match(stderr, /trying the mend at .*lost\.js:18 \(1 of 1\)/);
    assert.match(stderr, /3 of 3/);
    assert.deepEqual(
      findings.map(({ proof }) => proof),
      [{ right: 3, of: 3, left: [], note: null }],
    );
  });

  it('a mend that is not enough: the other cause is named', async (t) => {
    const { stderr, findings } = await tried(t, 'two-causes.js');
    assert.equal(findings.length, 2);
    const [first, second] = findings;
    assert.deepEqual(first.proof, { right: 3, of: 6, left: [second.id], note: null });
    assert.deepEqual(second.proof, { right: 3, of: 6, left: [first.id], note: null });
    assert.match(stderr, /3 of 6/);
    assert.match(unwrapped(stderr), /a second cause remains/);
  });

  it('a mend that cannot be put in', async (t) => {
    const { stderr, findings } = await tried(t, 'unmendable.js');
    assert.equal(findings.length, 1);
    assert.match(findings[0].proof.note, /the mend could not be put in/);
    assert.match(unwrapped(stderr), /could not be put in/);
  });

  it('a program that is ended by a signal is not run again', async () => {
    const args = ['--try-mends', '--', 'node', fixture('server.js')];
    const { child, line, ended } = startTrace(args);
    await line('stdout', (text) => text === 'ready');
    child.kill('SIGTERM');
    const { code, stdout: printed, stderr } = await ended;
    assert.deepEqual([code, printed], [7, 'ready\nSIGTERM\n']);
    assert.match(stderr, /--try-mends takes a program that ends by itself: SIGTERM ended this one/);
  });

  it('a signal ends a run with a mend, and what runs below it', async (t) => {
    const env = { ONCE: path.join(folderFor(t), 'once') };
    const args = ['--try-mends', '--', 'node', fixture('parent.js'), 'ends-once.js'];
    const { child, line, ended } = startTrace(args, { env });
    await line('stderr', (text) => text.includes('trying the mend'));
    child.kill('SIGTERM');
    const { code, stderr: said } = await ended;
    assert.equal(code, 0);
    assert.match(unwrapped(said), /SIGTERM ended the run with it/);
  });

  it('a run with a mend that does not end is stopped after a while', async (t) => {
    const env = { ONCE: path.join(folderFor(t), 'once') };
    const { code, stderr } = await runTrace(
      ['--try-mends', '--', 'node', fixture('parent.js'), 'ends-once.js'],
      { env },
    );
    assert.equal(code, 0);
    const said = /the program had not ended after [3-9]\d s with it, and was stopped/;
    assert.match(unwrapped(stderr), said);
  });
});
