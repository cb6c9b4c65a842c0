'use strict';

// `async-hooks-rs/trace` in code.

const { describe, it } = require('node:test');
const assert = require('node:assert/strict');
const { START, TRACE, lineOf, run, traced } = require('../helpers/program.js');

const REQUIRE = `const { trace, ContextLossError } = require(${JSON.stringify(TRACE)});\n`;
const UNTRACED = { args: [] };

/** Runs a program that asserts by itself. */
async function passes(source, how = {}) {
  const { code, signal, stderr } = await traced(`${START}${REQUIRE}${source}`, how);
  assert.deepEqual([code, signal, stderr], [0, null, '']);
}

const LOSE = `storage.run({ id: 1 }, () => later(() => storage.getStore()));`;

describe('the interface of the finder', { concurrency: 2 }, () => {
  it('nothing is traced without a preload, and the methods say so', () =>
    passes(
      `
      const code = 'ERR_ASYNC_HOOKS_RS_TRACE_NOT_STARTED';
      assert.throws(() => trace.report(), { code });
      assert.throws(() => trace.on('finding', () => {}), { code });
      assert.rejects(trace.assertClean(() => {}), { code });
      const object = {};
      assert.equal(trace.own(object), object);
      assert.equal(trace.check(object), true);
      assert.equal(storage.run(5, () => storage.expect()), 5);
      assert.throws(() => storage.expect(), (error) => {
        assert.ok(error instanceof ContextLossError);
        assert.deepEqual([error.code, error.finding, error.findings],
          ['ERR_ASYNC_HOOKS_RS_CONTEXT_LOSS', null, []]);
        return true;
      });`,
      { ...UNTRACED, options: undefined },
    ));

  it('start() traces modules that are loaded from then on', async () => {
    const { code, stderr } = await run(
      `${REQUIRE}
      const assert = require('node:assert/strict');
      trace.start({ quiet: true });
      trace.start();
      const found = [];
      trace.on('finding', (finding) => found.push(finding));
      require('./lose.js');
      process.on('exit', () => {
        assert.equal(found.length, 1);
        assert.equal(trace.report().findings[0].id, found[0].id);
      });`,
      { args: [], files: { 'lose.js': `${START}${LOSE}` } },
    );
    assert.deepEqual([code, stderr], [0, '']);
  });

  it('options and arguments are checked, and inherited ones are not read', () =>
    passes(
      `
      const code = 'ERR_INVALID_ARG_TYPE';
      const wrong = [5, null, { deep: 1 }, { include: 'x' }, { ignore: [1] }, { ringSize: 0.5 },
        { ringSize: 10 }, { possible: 'yes' }, { quiet: 0 }];
      for (const options of wrong) assert.throws(() => trace.start(options), { code });
      trace.start(Object.create({ deep: 1 }));
      assert.throws(() => trace.on('findings', () => {}), { code });
      assert.throws(() => trace.on('finding'), { code });
      assert.throws(() => trace.own(5), { code });
      assert.throws(() => trace.check(null), { code });
      assert.rejects(trace.assertClean(), { code });`,
    ));

  it('options of the environment that cannot be read are told', async () => {
    for (const text of ['{', '{"deep":1}', '5']) {
      const { code, signal, stderr } = await run('', { env: { ASYNC_HOOKS_RS_TRACE: text } });
      assert.deepEqual([code, signal], [1, null]);
      assert.match(stderr, /ERR_ASYNC_HOOKS_RS_TRACE_OPTIONS|ERR_INVALID_ARG_TYPE/);
    }
  });

  it('a finding is told at once, by on() until that ends, and by a channel', () =>
    passes(`
      const { channel } = require('node:diagnostics_channel');
      const told = [];
      const end = trace.on('finding', () => told.push('first'));
      trace.on('finding', (finding) => told.push(finding.kind));
      channel('async-hooks-rs:context-loss').subscribe(({ kind }) => told.push('channel ' + kind));
      storage.run({ id: 1 }, () => later(() => storage.getStore()));
      later(() => {
        assert.deepEqual(told.splice(0), ['first', 'lost', 'channel lost']);
        end();
      });
      storage.run({ id: 2 }, () => later(() => storage.getStore()));
      later(() => assert.deepEqual(told, ['lost', 'channel lost']));`));

  it('own() and check() find an entry of a queue in another context', async () => {
    const source = `${START}${REQUIRE}
      const queue = [];
      storage.run({ id: 1 }, () => {
        queue.push(trace.own({})); // made
        assert.equal(trace.check(queue[0]), true);
        storage.run({ id: 2 }, () => assert.equal(trace.check(queue[0]), true));
      });
      later(() => {
        assert.equal(trace.check({}), true);
        assert.equal(trace.check(queue[0]), false); // read
      });`;
    const { code, stderr, findings } = await traced(source);
    assert.deepEqual([code, stderr], [0, '']);
    assert.deepEqual(
      findings.map(({ rule, kind, certain, made, read }) => [
        rule,
        kind,
        certain,
        made.line,
        read.line,
      ]),
      [['check', 'lost', true, lineOf(source, '// made'), lineOf(source, '// read')]],
    );
  });

  it('expect() gives the store, or throws with the finding', () =>
    passes(`
      storage.run({ id: 1 }, () => {
        assert.equal(storage.expect().id, 1);
        later(() => assert.throws(() => storage.expect(), (error) => {
          assert.ok(error instanceof ContextLossError && error instanceof Error);
          assert.equal(error.name, 'ContextLossError');
          assert.equal(error.code, 'ERR_ASYNC_HOOKS_RS_CONTEXT_LOSS');
          assert.equal(error.finding.rule, 'birth');
          assert.equal(error.message, error.finding.sentence);
          return true;
        }));
      });
      later(() => assert.throws(() => storage.expect(), ({ finding }) => finding.rule === 'expect'));`));

  it('assertClean() rejects with what was lost meanwhile, also if it was lost before', () =>
    passes(`
      const lose = () => new Promise((resolve) => {
        storage.run({ id: 1 }, () => setImmediate(() => {
          storage.exit(() => {});
          resolve();
        }));
      });
      const broken = () => new Promise((resolve) => {
        const made = storage.run({ id: 1 }, () => () => { storage.getStore(); resolve(7); });
        setImmediate(made);
      });
      (async () => {
        assert.equal(await trace.assertClean(() => 5), 5);
        await trace.assertClean(lose);
        for (let i = 0; i < 2; i++) {
          await assert.rejects(trace.assertClean(broken), ({ code, findings }) =>
            code === 'ERR_ASYNC_HOOKS_RS_CONTEXT_LOSS' && findings.length === 1);
        }
        await assert.rejects(trace.assertClean(() => { throw new Error('own'); }), /own/);
      })();`));
});
