'use strict';

// When a traced process says what, and where.

const { describe, it } = require('node:test');
const assert = require('node:assert/strict');
const { START, run, traced } = require('../helpers/program.js');

const LOSE = `${START}storage.run({ id: 1 }, () => later(() => storage.getStore()));\n`;
const noSignals = { skip: process.platform === 'win32' && 'there are no signals' };

describe('what a traced process says', { concurrency: 2 }, () => {
  it('alone: a line at the first finding, and the report at the end', async () => {
    const { code, stdout, stderr } = await run(`${LOSE}console.log('output');`);
    assert.deepEqual([code, stdout], [0, 'output\n']);
    const [first, ...report] = stderr.split('\n');
    assert.match(first, /^async-hooks-rs: storage\.getStore\(\) at program\.js:\d+ gave undefined/);
    assert.match(report.join('\n'), /1 certain finding/);
  });

  for (const [name, end, expected] of [
    ['process.exit()', 'later(() => process.exit(3));', 3],
    ['an uncaught exception', "later(() => { throw new Error('own'); });", 1],
    ['an unhandled rejection', "later(() => Promise.reject(new Error('own')));", 1],
  ]) {
    it(`the report comes also at ${name}`, async () => {
      const { code, stderr } = await run(`${LOSE}${end}`);
      assert.equal(code, expected);
      assert.match(stderr, /1 certain finding/);
      const written = await traced(`${LOSE}${end}`);
      assert.equal(written.reports.length, 1);
      assert.equal(written.findings.length, 1);
    });
  }

  it('with a folder: nothing on standard error, and a file with a line for each', async () => {
    const { stderr, lines } = await traced(LOSE);
    assert.equal(stderr, '');
    assert.deepEqual(
      lines.map(({ type }) => type),
      ['process', 'finding', 'report'],
    );
  });

  it('a process that is killed leaves what it has found', noSignals, async () => {
    const { signal, lines } = await traced(`${LOSE}
      later(() => setImmediate(() => process.kill(process.pid, 'SIGKILL')));`);
    assert.equal(signal, 'SIGKILL');
    assert.equal(lines[0].type, 'process');
    assert.equal(lines.at(-1).type, 'finding');
  });

  const waiting = `${LOSE}
    const timer = setInterval(() => {}, 1000);
    process.once('message', () => { clearInterval(timer); process.disconnect(); });
    later(() => process.send('ready'));`;

  it('a report at SIGUSR2', noSignals, async () => {
    const { code, stderr } = await run(waiting, {
      started(child) {
        child.on('message', () => child.kill('SIGUSR2'));
        let text = '';
        child.stderr.on('data', (data) => {
          text += data;
          if (/1 certain finding/.test(text) && child.connected) child.send('end');
        });
      },
    });
    assert.equal(code, 0);
    assert.equal(stderr.match(/1 certain finding/g).length, 2);
  });

  it('a program that listens to SIGUSR2 gets it alone', noSignals, async () => {
    const { code, stderr } = await run(
      `${waiting}
      process.on('SIGUSR2', () => process.send('heard'));`,
      {
        started(child) {
          child.on('message', (message) => {
            if (message === 'ready') child.kill('SIGUSR2');
            else child.send('end');
          });
        },
      },
    );
    assert.equal(code, 0);
    assert.equal(stderr.match(/1 certain finding/g).length, 1);
  });
});
