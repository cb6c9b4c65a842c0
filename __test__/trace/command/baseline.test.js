'use strict';

// The baseline: what is known passes, what is new fails, and what is gone is said.

const { describe, it } = require('node:test');
const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { folderFor, runTrace } = require('../helpers/command.js');

const fixture = (name) => path.join(__dirname, 'fixtures', name);
const read = (file) => fs.readFileSync(file, 'utf8');

describe('the baseline of async-hooks-rs trace', () => {
  it('goes round', async (t) => {
    const file = path.join(folderFor(t), 'baseline.json');
    const run = (programs, ...more) =>
      runTrace(['--baseline', file, ...more, '--', 'node', fixture('parent.js'), ...programs]);

    const made = await run(['lost.js'], '--update-baseline');
    assert.equal(made.code, 0, made.stderr);
    const first = JSON.parse(read(file));
    assert.equal(first.version, 1);
    assert.deepEqual(Object.keys(first.findings[0]), ['id', 'finding']);
    assert.equal(first.findings.length, 1);
    assert.match(first.findings[0].finding, /lost\.js/);

    const known = await run(['lost.js']);
    assert.equal(known.code, 0, known.stderr);
    assert.doesNotMatch(known.stderr, /not found any more/);

    const more = await run(['lost.js', 'two-causes.js']);
    assert.equal(more.code, 1, more.stderr);
    assert.match(more.stderr, /two-causes\.js:23/);
    assert.equal(JSON.parse(read(file)).findings.length, 1);

    const gone = await run(['mended.js']);
    assert.equal(gone.code, 0, gone.stderr);
    const [{ id }] = first.findings;
    assert.match(gone.stderr, new RegExp(`known, and not found any more: ${id} .*lost`));

    await run(['lost.js', 'two-causes.js'], '--update-baseline');
    const second = JSON.parse(read(file)).findings;
    const ids = second.map((entry) => entry.id);
    assert.equal(ids.length, 3);
    assert.deepEqual(ids, ids.toSorted?.() ?? [...ids].sort());
    assert.deepEqual(
      second.find((entry) => entry.id === id),
      first.findings[0],
    );

    const empty = await run(['mended.js'], '--update-baseline');
    assert.equal(empty.code, 0);
    assert.deepEqual(JSON.parse(read(file)), { version: 1, findings: [] });
  });

  it('ids stay when lines move; what an entry says does not change', async (t) => {
    const folder = folderFor(t);
    const [file, program] = ['baseline.json', 'lost.js'].map((name) => path.join(folder, name));
    const source = read(fixture('lost.js'));
    const update = async (text) => {
      fs.writeFileSync(program, text);
      const args = ['--baseline', file, '--update-baseline', '--', 'node', program];
      const { code, stderr } = await runTrace(args, { cwd: folder });
      assert.equal(code, 0, stderr);
      return read(file);
    };
    const before = await update(source);
    assert.equal(JSON.parse(before).findings.length, 1);
    assert.ok(!before.includes(folder), before);
    assert.equal(await update(`// one line\n\n// and more\n${source}`), before);
  });

  it('the JSON report says what is known', async (t) => {
    const file = path.join(folderFor(t), 'baseline.json');
    const program = ['--', 'node', fixture('lost.js')];
    const fresh = await runTrace(['--baseline', file, '--update-baseline', ...program]);
    assert.equal(fresh.code, 0);
    const { stdout } = await runTrace(['--baseline', file, '--json', '-', ...program]);
    const report = JSON.parse(stdout.slice(stdout.indexOf('{')));
    assert.deepEqual(
      report.findings.map(({ known }) => known),
      [true],
    );
  });
});
