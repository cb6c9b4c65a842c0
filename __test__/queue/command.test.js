'use strict';

// The command: help, wrong arguments, and how a server ends.

const { describe, it } = require('node:test');
const assert = require('node:assert/strict');
const os = require('node:os');
const { version } = require('../../package.json');
const { Gate } = require('./helpers/gate.js');
const { fixture, runCommand, startCommand } = require('./helpers/server.js');
const { suite } = require('./helpers/suite.js');

const processor = fixture('processor.mjs');

describe('async-hooks-rs', () => {
  it('shows its help and its version', async () => {
    const help = await runCommand(['--help']);
    assert.deepEqual([help.code, help.stderr], [0, '']);
    assert.match(help.stdout, /^Usage: async-hooks-rs <command> \[arguments\]/);
    const shown = await runCommand(['-v']);
    assert.deepEqual([shown.code, shown.stdout], [0, version]);
    const ofWork = await runCommand(['work', '-h']);
    assert.deepEqual([ofWork.code, ofWork.stderr], [0, '']);
    assert.match(ofWork.stdout, /--max-stalled <n>/);
    for (const line of ofWork.stdout.split('\n')) assert.ok(line.length <= 100, line);
  });

  const wrong = [
    [[], /a command is missing/],
    [['labour'], /the command must be one of: work, trace\. Received 'labour'/],
    [['work'], /<queue> is missing/],
    [['work', 'q'], /<processor> is missing/],
    [['work', 'q', processor, 'more'], /there is an argument too many: 'more'/],
    [['work', 'a:b', processor], /<queue> must be a name without a colon/],
    [['work', 'q', 'none.mjs'], /<processor>: there is no file 'none\.mjs'/],
    [['work', 'q', processor, '--unknown'], /Unknown option '--unknown'/],
    [['work', 'q', processor, '--redis', 'http://h'], /--redis must be a redis: or rediss: URL/],
    [['work', 'q', processor, '--threads', 'x'], /--threads must be an integer from 1 to 1024/],
    [['work', 'q', processor, '--threads', '0'], /Received '0'/],
    [['work', 'q', processor, '--tasks-per-worker', '257'], /must be an integer from 1 to 256/],
    [['work', 'q', processor, '--abort-grace', 'x'], /--abort-grace must be an integer/],
    [['work', 'q', processor, '--lock', '99'], /--lock must be an integer from 100 to /],
    [['work', 'q', processor, '--contexts', 'none'], /--contexts: there is no file 'none'/],
    [['work', 'q', processor, '--contexts', processor], /--contexts: the file must export an arr/],
    [['work', 'q', processor, '--contexts', fixture('no-contexts.cjs')], /must export an array/],
  ];
  for (const [args, message] of wrong) {
    it(`exit code 2: ${args.map((arg) => arg.replace(/^.*\//, '')).join(' ')}`, async () => {
      const { code, stdout, stderr } = await runCommand(args);
      assert.deepEqual([code, stdout], [2, '']);
      assert.match(stderr, /^async-hooks-rs: /);
      assert.match(stderr, message);
    });
  }
});

describe('async-hooks-rs work', () => {
  const queue = suite();

  /** A task that runs and one that waits for a thread, of a server that has one. */
  async function held(t, options = []) {
    const gate = await Gate.open(t);
    const pool = queue.pool(t);
    const server = await queue.serve(t, pool, { options: ['--threads', '1', ...options] });
    const run = (name) => pool.run({ act: 'hold', port: gate.port, name });
    const running = run('running');
    await gate.arrival('running');
    return { gate, pool, server, run, running };
  }

  for (const signal of ['SIGTERM', 'SIGINT']) {
    it(`${signal}: what runs ends, what waits stays in the queue`, async (t) => {
      const { gate, pool, server, run, running } = await held(t, ['--concurrency', '1']);
      const waiting = run('waiting');
      server.child.kill(signal);
      assert.equal((await server.event('stopping')).tasks, 1);
      gate.release('running');
      assert.equal(await running, 'running');
      assert.deepEqual(await server.ended, { code: 0, signal: null });
      assert.equal((await server.event('stopped')).completed, 1);
      const other = await queue.serve(t, pool);
      await gate.arrival('waiting');
      gate.release('waiting');
      assert.equal(await waiting, 'waiting');
      other.child.kill(signal);
      assert.equal((await other.ended).code, 0);
    });
  }

  it('a second signal gives the tasks back, and another server runs them', async (t) => {
    const { gate, pool, server, running } = await held(t);
    server.child.kill('SIGTERM');
    await server.event('stopping');
    server.child.kill('SIGTERM');
    assert.deepEqual(await server.ended, { code: 1, signal: null });
    await gate.gone('running');
    await queue.serve(t, pool, { processor: 'release.mjs' });
    assert.equal(await running, 'released');
  });

  it('a thread runs several tasks at once, and one that is cancelled ends alone', async (t) => {
    const gate = await Gate.open(t);
    const pool = queue.pool(t);
    const options = ['--threads', '1', '--tasks-per-worker', '3', '--abort-grace', '60000'];
    await queue.serve(t, pool, { options });
    const controller = new AbortController();
    const run = (name, signal) => pool.run({ act: 'hold', port: gate.port, name }, { signal });
    const cancelled = assert.rejects(run('cancelled', controller.signal), { code: 'ABORT_ERR' });
    await gate.arrival('cancelled');
    const held = ['a', 'b'].map((name) => run(name));
    for (const name of ['a', 'b']) await gate.arrival(name);
    controller.abort();
    await cancelled;
    for (const name of ['cancelled', 'a', 'b']) gate.release(name);
    assert.deepEqual(await Promise.all(held), ['a', 'b']);
    const last = run('c');
    await gate.arrival('c');
    gate.release('c');
    assert.equal(await last, 'c');
  });

  it('a processor that cannot be loaded ends the server, not the task', async (t) => {
    const pool = queue.pool(t);
    const task = pool.run({ act: 'echo', value: 'done elsewhere' });
    const args = ['work', pool.name, fixture('broken.mjs'), '--redis', queue.redis.url];
    const { ended, stderr } = startCommand(args);
    assert.equal((await ended).code, 1);
    const said = stderr.all.join('\n');
    assert.match(said, /no task can be run here: .*this processor cannot be loaded/);
    await queue.serve(t, pool);
    assert.equal(await task, 'done elsewhere');
  });

  it('says at which rate tasks end, for people and for programs', async (t) => {
    const pool = queue.pool(t);
    const args = ['work', pool.name, processor, '--redis', queue.redis.url, '--threads', '1'];
    const { child, ended, stderr } = startCommand(args);
    t.after(() => child.kill('SIGKILL'));
    await pool.run({ act: 'echo' });
    await stderr.find((line) => /^[\d.]+ a second; 1 done, 0 failed, 0 running$/.test(line));
    assert.match(stderr.all[0], /^serving 'queue-\d+' of 127\.0\.0\.1:\d+ with 1 threads$/);
    child.kill('SIGTERM');
    await ended;
    assert.equal(stderr.all.at(-1), 'stopped: 1 done, 0 failed');
  });

  it('without BullMQ it says what to install', async () => {
    const { code, stderr } = await runCommand(['work', 'q', processor], os.tmpdir(), {
      NODE_PATH: '',
    });
    assert.equal(code, 1);
    assert.match(stderr, /ERR_QUEUE_POOL_BULLMQ: .*npm install bullmq ioredis/);
  });
});
