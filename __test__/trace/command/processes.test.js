'use strict';

// Programs of several processes: the findings of all of them are in one report.

const { describe, it } = require('node:test');
const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { folderFor, runTrace } = require('../helpers/command.js');

const fixture = (name) => path.join(__dirname, 'fixtures', name);

async function reportOf(t, program, options) {
  const file = path.join(folderFor(t), 'report.json');
  const outcome = await runTrace(['--json', file, '--', ...program], options);
  return { ...outcome, report: JSON.parse(fs.readFileSync(file, 'utf8')) };
}

const readsOf = ({ findings }) =>
  findings.map(({ read }) => `${path.basename(read.file)}:${read.line}`).sort();

describe('processes below the program', () => {
  it('of the same program twice: a finding counts for both', async (t) => {
    const { report } = await reportOf(t, ['node', fixture('parent.js'), 'lost.js', 'lost.js']);
    assert.equal(report.processes.length, 3);
    assert.deepEqual(
      report.findings.map(({ count, made }) => [count, made.line]),
      [[6, 18]],
    );
  });

  it('of several programs', async (t) => {
    const program = ['node', fixture('parent.js'), 'lost.js', 'mended.js', 'two-causes.js'];
    const { report, stdout } = await reportOf(t, program);
    assert.match(stdout, /^mended\.js: 0$/m);
    assert.deepEqual(readsOf(report), ['lost.js:20', 'two-causes.js:13', 'two-causes.js:13']);
  });

  it('below npm, which is a program of Node, and a shell', async (t) => {
    const folder = folderFor(t);
    const start = `node "${fixture('lost.js').replaceAll('\\', '/')}"`;
    const manifest = { name: 'x', version: '1.0.0', private: true, scripts: { start } };
    fs.writeFileSync(path.join(folder, 'package.json'), JSON.stringify(manifest));
    const env = { npm_config_update_notifier: 'false' };
    const { code, stdout, report } = await reportOf(t, ['npm', 'start', '--silent'], {
      cwd: folder,
      env,
    });
    assert.deepEqual([code, stdout], [0, 'a: lost\nb: lost\nc: lost\n']);
    assert.equal(report.processes.length, 2);
    assert.deepEqual(readsOf(report), ['lost.js:20']);
  });

  it('one that is killed leaves what it had found, and the report says so', async (t) => {
    const { report, stdout, stderr } = await reportOf(t, [
      'node',
      fixture('parent.js'),
      'killed.js',
      'lost.js',
    ]);
    assert.match(stdout, /^killed\.js: (?:SIGKILL|1)$/m);
    assert.deepEqual(readsOf(report), ['killed.js:11', 'lost.js:20']);
    assert.match(stderr, /process \d+ has ended without its report, as one that is killed does/);
    assert.equal(stderr.match(/has ended without its report/g).length, 1);
    assert.equal(report.processes.filter(({ notes }) => notes?.length > 0).length, 1);
  });
});
