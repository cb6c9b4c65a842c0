'use strict';

// `async-hooks-rs/metrics`: the text for Prometheus, and what OpenTelemetry's objects are told. With
// the real SDK: ../../ecosystem/clients/opentelemetry-metrics.js.

const assert = require('node:assert/strict');
const { instrument, prometheus } = require('../../../metrics.js');
const { poolSuite } = require('../../helpers/pool-suite.js');
const { fixture, outcomeOf, until, withPool } = require('../../helpers/with-pool.js');
const { Gate, gateFile } = require('../../helpers/pool-gate.js');

const test = poolSuite();
const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const LABEL = '[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\\\\n]|\\\\["\\\\n])*"';
const SAMPLE = new RegExp(`^(${NAME})(?:\\{(${LABEL}(?:,${LABEL})*)\\})? (\\S+)$`);
const COMMENT = new RegExp(`^# (HELP|TYPE) (${NAME}) (.+)$`);
const SUFFIXES = { counter: [''], gauge: [''], summary: ['', '_sum', '_count'] };

/** The samples by name and labels. Throws if the text is not in the format. */
function parse(text) {
  assert.ok(text.endsWith('\n'));
  const samples = new Map();
  const families = new Set();
  let family;
  for (const line of text.slice(0, -1).split('\n')) {
    const comment = COMMENT.exec(line);
    if (comment !== null) {
      const [, kind, name, rest] = comment;
      if (kind === 'HELP') {
        assert.ok(!families.has(name), `${name} again`);
        families.add(name);
        family = { name };
      } else {
        assert.equal(family.name, name);
        family.type = rest;
        assert.ok(rest in SUFFIXES, rest);
      }
      continue;
    }
    const [, name, labels = '', value] = SAMPLE.exec(line) ?? assert.fail(line);
    const names = SUFFIXES[family.type].map((suffix) => family.name + suffix);
    assert.ok(names.includes(name), line);
    assert.ok(Number.isFinite(Number(value)), line);
    if (family.type === 'counter') assert.ok(name.endsWith('_total'), name);
    const key = `${name} ${labels}`.trimEnd();
    assert.ok(!samples.has(key), `${key} again`);
    samples.set(key, Number(value));
  }
  return samples;
}

test('prometheus(): what a pool has done and does', async () => {
  const gate = new Gate();
  await withPool([2, gateFile, { workerData: gate.workerData }], async (pool) => {
    await pool.ready();
    const empty = parse(prometheus(pool));
    assert.equal(empty.get('worker_pool_queue_tasks priority="0"'), 0);
    assert.equal(empty.get('worker_pool_threads_memory_bytes'), undefined);
    await until(() => parse(prometheus(pool)).get('worker_pool_threads_memory_bytes') > 1e6);
    await pool.run({});
    await outcomeOf(pool, { value: 1 }, { signal: AbortSignal.abort() });
    const held = Array.from({ length: 3 }, () => pool.run({ hold: 1 }, { priority: 7 }));
    await gate.reached(3);
    const samples = parse(prometheus(pool));
    const expected = {
      'worker_pool_tasks_submitted_total': 5,
      'worker_pool_tasks_completed_total': 1,
      'worker_pool_tasks_failed_total': 1,
      'worker_pool_queue_tasks priority="7"': 1,
      'worker_pool_tasks_running': 2,
      'worker_pool_threads state="busy"': 2,
      'worker_pool_threads state="idle"': 0,
      'worker_pool_task_wait_seconds_count': 3,
      'worker_pool_task_run_seconds_count': 1,
    };
    for (const [key, value] of Object.entries(expected)) assert.equal(samples.get(key), value, key);
    const { runTime } = pool.histogram();
    assert.equal(samples.get('worker_pool_task_run_seconds quantile="0.99"'), runTime.p99 / 1e3);
    assert.equal(samples.get('worker_pool_task_run_seconds_sum'), runTime.mean / 1e3);
    gate.open();
    await Promise.all(held);
  });
});

test('prometheus(): several pools, by their names', async () => {
  await withPool([1, { native: 'add' }], async (pool) => {
    await pool.run({ a: 1, b: 2 });
    const odd = 'a "quoted"\\\n name';
    const samples = parse(prometheus({ sums: pool, [odd]: pool }));
    const name = 'worker_pool_tasks_completed_total';
    assert.equal(samples.get(`${name} pool="sums"`), 1);
    assert.equal(samples.get(`${name} pool="a \\"quoted\\"\\\\\\n name"`), 1);
    assert.equal(samples.get('worker_pool_threads pool="sums",state="idle"'), 1);
    assert.ok(parse(prometheus({})).size === 0);
  });
});

/** A meter and a tracer that note what they are told. */
function recorder() {
  const noted = { records: [], spans: [], callbacks: new Set() };
  const meter = {
    createHistogram: (name) => ({
      record: (value, attributes) => noted.records.push({ name, value, attributes }),
    }),
    createObservableUpDownCounter: (name) => ({ name }),
    addBatchObservableCallback: (callback) => noted.callbacks.add(callback),
    removeBatchObservableCallback: (callback) => noted.callbacks.delete(callback),
  };
  const tracer = {
    startSpan(name, { attributes }) {
      const span = { name, attributes, exceptions: [], status: undefined, ended: false };
      noted.spans.push(span);
      return {
        setAttribute: (key, value) => void (attributes[key] = value),
        setStatus: (status) => void (span.status = status),
        recordException: (error) => span.exceptions.push(error),
        end: () => void (span.ended = true),
      };
    },
  };
  return { noted, meter, tracer };
}

/** What the callbacks say when metrics are collected. */
function observe(callbacks) {
  const observed = [];
  for (const read of callbacks) {
    read({ observe: ({ name }, value, attributes) => observed.push([name, value, attributes]) });
  }
  return observed;
}

test('instrument(): each task of the pool, until it is ended', async () => {
  const { noted, meter, tracer } = recorder();
  await withPool([1, { native: 'add' }], async (other) => {
    await withPool([1, fixture('exports.js')], async (pool) => {
      const end = instrument(pool, { name: 'sums', meter, tracer });
      await Promise.all([pool.call.add(1, 2), other.run({ a: 1, b: 2 })]);
      const [error] = await outcomeOf(pool, null, { export: 'fails' });
      assert.equal(noted.callbacks.size, 2);
      const observed = observe(noted.callbacks);
      await until(() =>
        observe(noted.callbacks).some(
          ([name, value]) => name === 'worker_pool.thread.memory' && value > 1e6,
        ),
      );
      end();
      end();
      assert.equal(noted.callbacks.size, 0);
      await pool.call.add(1, 2);

      assert.deepEqual(
        noted.spans.map(({ name, status, exceptions, ended }) => [name, status, exceptions, ended]),
        [
          ['worker_pool add', undefined, [], true],
          ['worker_pool fails', { code: 2, message: 'of the export' }, [error], true],
        ],
      );
      const [added, failed] = noted.spans.map(({ attributes }) => attributes);
      assert.deepEqual([added['worker_pool.name'], failed['error.type']], ['sums', 'E_OWN']);
      assert.ok(Number.isInteger(added['thread.id']));
      const kinds = ['wait_time', 'run_time', 'duration'].map((kind) => `worker_pool.task.${kind}`);
      assert.deepEqual(
        noted.records.map(({ name }) => name),
        [...kinds, ...kinds],
      );
      for (const { value } of noted.records) assert.ok(value >= 0 && value < 60, `${value} s`);
      assert.deepEqual(noted.records[0].attributes, {
        'worker_pool.name': 'sums',
        'worker_pool.task.export': 'add',
      });
      const [idle] = observed.filter(([, , each]) => each['worker_pool.thread.state'] === 'idle');
      assert.deepEqual(idle.slice(0, 2), ['worker_pool.thread.count', 1]);
      assert.deepEqual(observed.at(-1), [
        'worker_pool.queue.size',
        0,
        { 'worker_pool.name': 'sums' },
      ]);
    });
  });
});

test('what is no pool, meter, tracer or name is refused', async () => {
  await withPool([1, { native: 'add' }], (pool) => {
    const { meter, tracer } = recorder();
    const old = { ...meter, addBatchObservableCallback: undefined };
    const inherited = Object.create({ tracer });
    for (const wrong of [
      () => instrument({}, { tracer }),
      () => instrument(pool),
      () => instrument(pool, {}),
      () => instrument(pool, inherited),
      () => instrument(pool, { tracer, name: 5 }),
      () => instrument(pool, { meter, tracer: {} }),
      () => instrument(pool, { meter, tracer: null }),
      () => instrument(pool, { meter: tracer }),
      () => instrument(pool, { meter: old, tracer }),
      () => prometheus(),
      () => prometheus({ pool: {} }),
    ]) {
      assert.throws(
        wrong,
        ({ code, stack }) =>
          code === 'ERR_INVALID_ARG_TYPE' && stack.split('\n')[1].includes(__filename),
      );
    }
  });
});
