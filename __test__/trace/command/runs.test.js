'use strict';

// A run of the command: the program's streams, environment, signals and exit code are its own.

const { describe, it } = require('node:test');
const assert = require('node:assert/strict');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { folderFor, root, runTrace, startTrace } = require('../helpers/command.js');

const fixture = (name) => path.join(__dirname, 'fixtures', name);
const isWindows = process.platform === 'win32';
const noSignals = { skip: isWindows ? 'Windows has no signals' : false };

// That is not the line at the first finding.
const isReport = (line) => /server\.js:11/.test(line) && !line.startsWith('async-hooks-rs: ');

const LOST = 'a: lost\nb: lost\nc: lost\n';

describe('a run of async-hooks-rs trace', () => {
  it("standard output is the program's, the report goes to standard error", async () => {
    const { code, stdout, stderr } = await runTrace(['--', 'node', fixture('lost.js')]);
    assert.deepEqual([code, stdout], [0, LOST]);
    assert.match(stderr, /lost\.js:18/);
    assert.equal(stderr.match(/^async-hooks-rs: storage\.getStore\(\) at /gm).length, 1, stderr);
    assert.match(stderr.split('\n').slice(1).join('\n'), /lost\.js:18/);
  });

  it('a program that loses nothing', async () => {
    const { code, stdout, stderr } = await runTrace(['--fail', '--', 'node', fixture('mended.js')]);
    assert.deepEqual([code, stdout], [0, 'a: a\nb: b\nc: c\n'], stderr);
  });

  it('exit codes', async () => {
    const run = async (...args) => (await runTrace(args)).code;
    assert.equal(await run('--', 'node', fixture('lost.js')), 0);
    assert.equal(await run('--fail', '--', 'node', fixture('lost.js')), 1);
    assert.equal(await run('--', 'node', fixture('lost.js'), '7'), 7);
    assert.equal(await run('--fail', '--', 'node', fixture('lost.js'), '7'), 7);
    assert.equal(await run('--', 'node', 'no-such-file.js'), 1);
  });

  it("a signal that ends the program is in its exit code, a shell's way", noSignals, async () => {
    const { code } = await runTrace(['--', 'node', fixture('killed.js')]);
    assert.equal(code, 128 + os.constants.signals.SIGKILL);
  });

  it('the program is none of Node', noSignals, async () => {
    const message = /'\w+' has started no process of Node that could be traced: expected a program/;
    const silent = await runTrace(['--', 'true']);
    assert.equal(silent.code, 2);
    assert.match(silent.stderr, message);
    const failing = await runTrace(['--', 'sh', '-c', 'exit 3']);
    assert.equal(failing.code, 3);
    assert.match(failing.stderr, message);
  });

  it('a shell script, by its path', noSignals, async (t) => {
    const script = path.join(folderFor(t), 'run me.sh');
    fs.writeFileSync(script, '#!/bin/sh\nnode "$1"\nnode "$1"\nexit 4\n', { mode: 0o755 });
    const { code, stdout, stderr } = await runTrace(['--', script, fixture('lost.js')]);
    assert.deepEqual([code, stdout], [4, LOST + LOST]);
    assert.match(stderr, /lost\.js:18/);
  });

  it('the options that Node has by the environment stay', async (t) => {
    const preload = path.join(folderFor(t), 'a preload.cjs');
    fs.writeFileSync(preload, "process.title = 'preloaded';\n");
    const { stdout } = await runTrace(['--', 'node', '-p', 'process.title'], {
      env: { NODE_OPTIONS: `--require "${preload.replaceAll('\\', '\\\\')}" --no-warnings` },
    });
    assert.equal(stdout, 'preloaded\n');
  });

  it('the package lies in a folder with a space and a quote', noSignals, async (t) => {
    const link = path.join(folderFor(t), 'the "package" of ours');
    fs.symlinkSync(root, link);
    const { code, stdout, stderr } = await runTrace(['--', 'node', fixture('lost.js')], {
      env: { NODE_OPTIONS: '--preserve-symlinks --preserve-symlinks-main' },
      bin: path.join(link, 'bin', 'async-hooks-rs.js'),
    });
    assert.deepEqual([code, stdout], [0, LOST], stderr);
    assert.match(stderr, /lost\.js:18/);
  });

  it('files are left out, or alone traced', async () => {
    const run = async (...args) =>
      (await runTrace([...args, '--fail', '--', 'node', fixture('lost.js')])).code;
    assert.equal(await run('--ignore', '**/lost.js'), 0);
    assert.equal(await run('--ignore', '**/other.js'), 1);
    assert.equal(await run('--include', '**/other.js'), 0);
    assert.equal(await run('--include', '**/other.js', '--include', '**/lost.js'), 1);
  });

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    it(`${signal} is passed on`, noSignals, async () => {
      const { child, line, ended } = startTrace(['--', 'node', fixture('server.js')]);
      await line('stdout', (text) => text === 'ready');
      child.kill(signal);
      const { code, stdout: printed, stderr } = await ended;
      assert.deepEqual([code, printed], [7, `ready\n${signal}\n`]);
      assert.match(stderr, /server\.js:11/);
    });
  }

  it('SIGUSR2 has it report, and go on', noSignals, async () => {
    const { child, line, ended } = startTrace(['--', 'node', fixture('server.js')]);
    await line('stdout', (text) => text === 'ready');
    child.kill('SIGUSR2');
    await line('stderr', isReport);
    child.kill('SIGTERM');
    assert.equal((await ended).code, 7);
  });

  it('SIGUSR2 does not end a shell in between', noSignals, async () => {
    const end = 'kill -TERM $!; wait $!; exit 5';
    const script = `trap '${end}' TERM; node "${fixture('server.js')}" & wait`;
    const { child, line, ended } = startTrace(['--', 'sh', '-c', script]);
    await line('stdout', (text) => text === 'ready');
    child.kill('SIGUSR2');
    await line('stderr', isReport);
    child.kill('SIGTERM');
    const { code, stdout: printed } = await ended;
    assert.deepEqual([code, printed], [5, 'ready\nSIGTERM\n']);
  });

  it('leaves no folder behind', async (t) => {
    const folder = folderFor(t);
    const env = { TMPDIR: folder, TEMP: folder, TMP: folder };
    await runTrace(['--try-mends', '--', 'node', fixture('lost.js')], { env });
    assert.deepEqual(fs.readdirSync(folder), []);
  });
});
