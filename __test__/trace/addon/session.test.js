'use strict';

// The session of the process: threads hand over what they saw, and one report has all of it.

const test = require('node:test');
const assert = require('node:assert/strict');
const { once } = require('node:events');
const path = require('node:path');
const { Worker } = require('node:worker_threads');
const { loadTraceAddon } = require('../../../lib/package/trace-addon.js');
const { kinds, WORDS } = require('../../../lib/trace/event-kinds.js');

const THREADS = 3;
const BUFFERS = 40;
const EVENTS = 512;
const READS = 25;

const addon = loadTraceAddon();
const options = { pid: 7, argv: ['node', 'app.js'], cwd: __dirname, node: 'v24.0.0' };

test('there is no session before start()', () => {
  const none = { code: 'GenericFailure', message: /start\(\) must be called first/ };
  assert.throws(() => addon.attach(), none);
  assert.throws(() => addon.report(0, false), none);
});

test('wrong arguments are named', () => {
  assert.throws(() => addon.start('{'), { code: 'InvalidArg', message: /options of start\(\)/ });
  assert.throws(() => addon.start('{"pid":"x"}'), { code: 'InvalidArg', message: /string "x"/ });
  assert.equal(addon.start(JSON.stringify(options)), 1);
  const words = new Uint32Array(WORDS);
  assert.throws(() => addon.hand(0, words, WORDS + 1, []), {
    code: 'InvalidArg',
    message: 'hand() takes at most 8 words of 8, received 9',
  });
  assert.throws(() => addon.hand(0, words, 3, []), {
    code: 'InvalidArg',
    message: 'hand() takes whole events of 8 words, received 3 words',
  });
});

test('start() again joins the session', () => {
  assert.equal(addon.start('{}'), 2);
  assert.equal(JSON.parse(addon.report(0, false)).processes[0].pid, 7);
});

test('nothing gets lost when threads hand over at once', async () => {
  const gate = new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT);
  const workers = Array.from(
    { length: THREADS },
    () =>
      new Worker(path.join(__dirname, 'fixtures', 'handing-worker.js'), {
        workerData: { gate, buffers: BUFFERS, events: EVENTS, reads: READS },
      }),
  );
  await Promise.all(workers.map((worker) => once(worker, 'exit')));
  const { processes, findings } = JSON.parse(addon.report(0, false));
  const [{ events, dropped, contexts, threads }] = processes;
  assert.equal(events + dropped, THREADS * BUFFERS * EVENTS);
  assert.equal(threads, THREADS);
  assert.equal(contexts, THREADS * BUFFERS);
  // One line of the program: its findings are one, with the count of all threads.
  assert.deepEqual(
    findings.map(({ kind, count }) => ({ kind, count })),
    [{ kind: 'lost', count: THREADS * READS }],
  );
});

test('each thread is told of each finding once', () => {
  const [one, other] = [addon.attach(), addon.attach()];
  // Three threads have seen the same one.
  assert.equal(JSON.parse(addon.news(one)).length, 1);
  assert.deepEqual(JSON.parse(addon.news(one)), []);
  assert.equal(JSON.parse(addon.news(other)).length, 1);
  addon.detach(one);
});

test('a buffer is copied, and only as far as it is used', () => {
  const thread = addon.attach();
  const before = JSON.parse(addon.report(thread, false)).processes[0];
  const words = new Uint32Array(2 * WORDS);
  words.set([kinds.ENTER, 1, 0, 1, 0, 0, 0, 1]);
  words.set([kinds.ENTER, 2, 0, 1, 0, 0, 0, 1], WORDS);
  addon.hand(thread, words, WORDS, ['1 one', '2 two']);
  words.fill(0);
  const report = JSON.parse(addon.report(thread, false));
  assert.equal(report.processes[0].contexts, before.contexts + 1);
  const mine = report.contexts.filter((context) => context.thread === thread);
  assert.deepEqual(
    mine.map(({ id, preview }) => ({ id, preview })),
    [{ id: 1, preview: 'one' }],
  );
});

test('evidence that makes no sense is a note', () => {
  addon.evidence(0, 'no JSON');
  const { notes } = JSON.parse(addon.report(0, false)).processes[0];
  assert.match(notes.join('\n'), /Evidence that was not understood/);
});
