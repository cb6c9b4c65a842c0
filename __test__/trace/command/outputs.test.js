'use strict';

// What the command writes: JSON, SARIF and a page, to files or standard output.

const { describe, it } = require('node:test');
const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { folderFor, runTrace } = require('../helpers/command.js');

const fixture = (name) => path.join(__dirname, 'fixtures', name);
const program = ['--', 'node', fixture('lost.js')];
const PRINTED = 'a: lost\nb: lost\nc: lost\n';

describe('outputs of async-hooks-rs trace', () => {
  it('files', async (t) => {
    const folder = folderFor(t);
    const { code, stdout, stderr } = await runTrace(
      ['--json', 'r.json', '--sarif', 'r.sarif', '--html', 'r.html', ...program],
      { cwd: folder },
    );
    assert.deepEqual([code, stdout], [0, PRINTED], stderr);
    const [html, json, sarif] = ['r.html', 'r.json', 'r.sarif'].map((name) =>
      fs.readFileSync(path.join(folder, name), 'utf8'),
    );
    const report = JSON.parse(json);
    assert.equal(report.version, 1);
    const [finding] = report.findings;
    assert.deepEqual(
      [report.findings.length, finding.certain, finding.kind, finding.count],
      [1, true, 'lost', 3],
    );
    assert.deepEqual([finding.made.file, finding.made.line], [fixture('lost.js'), 18]);
    assert.deepEqual([finding.read.file, finding.read.line], [fixture('lost.js'), 20]);
    const log = JSON.parse(sarif);
    assert.equal(log.version, '2.1.0');
    assert.equal(log.runs[0].results.length, 1);
    assert.match(html, /^<!doctype html>/i);
    assert.match(html, /lost\.js/);
  });

  for (const kind of ['json', 'sarif']) {
    it(`standard output: --${kind} -`, async () => {
      const { stdout, stderr } = await runTrace([`--${kind}`, '-', ...program]);
      assert.ok(stdout.startsWith(PRINTED), stdout);
      const parsed = JSON.parse(stdout.slice(PRINTED.length));
      assert.equal(parsed.version, kind === 'json' ? 1 : '2.1.0');
      assert.match(stderr, /lost\.js:18/);
    });
  }

  it('a file that is there is written anew', async (t) => {
    const file = path.join(folderFor(t), 'report.json');
    fs.writeFileSync(file, 'x'.repeat(1e6));
    await runTrace(['--json', file, ...program]);
    assert.equal(JSON.parse(fs.readFileSync(file, 'utf8')).version, 1);
  });
});
