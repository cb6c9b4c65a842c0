'use strict';

// Wrong arguments of QueuePool.

const { describe, it } = require('node:test');
const assert = require('node:assert/strict');
const { QueuePool } = require('../../bullmq.js');
const { suite } = require('./helpers/suite.js');

const TYPE = { name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE' };
const RANGE = { name: 'RangeError', code: 'ERR_OUT_OF_RANGE' };

describe('arguments of QueuePool', () => {
  const queue = suite();

  it('the constructor', () => {
    const wrong = [
      [[], TYPE],
      [[7], TYPE],
      [[''], RANGE],
      [['a:b'], RANGE],
      [['q', 7], TYPE],
      [['q', []], TYPE],
      [['q', { connection: 7 }], TYPE],
      [['q', { connection: 'http://host' }], RANGE],
      [['q', { connection: { duplicate() {} } }], TYPE],
      [['q', { prefix: 7 }], TYPE],
      [['q', { contexts: 7 }], TYPE],
      [['q', { contexts: [7] }], TYPE],
      [['q', { submitTimeout: '1' }], TYPE],
      [['q', { submitTimeout: 0 }], RANGE],
      [['q', { jobs: 7 }], TYPE],
    ];
    for (const [args, error] of wrong) {
      assert.throws(() => new QueuePool(...args), error, JSON.stringify(args));
    }
    const secret = { connection: 'http://user:secret@host' };
    assert.throws(
      () => new QueuePool('q', secret),
      ({ message, stack }) => {
        assert.ok(!message.includes('secret'));
        const [, first] = stack.split('\n');
        return first.includes(__filename);
      },
    );
  });

  it('the methods', async (t) => {
    const pool = queue.pool(t);
    assert.throws(() => pool.runTask({}), TYPE);
    assert.throws(() => pool.runTask({}, {}), TYPE);
    assert.throws(() => pool.runTask({}, { timeout: 0 }, () => {}), RANGE);
    const wrong = [
      [7, TYPE],
      [{ signal: {} }, TYPE],
      [{ timeout: 0.5 }, RANGE],
      [{ priority: 101 }, RANGE],
      [{ transferList: [] }, RANGE],
      [{ onProgress: () => {} }, RANGE],
      [{ export: 'resize' }, RANGE],
      [{ processor: './a.js' }, RANGE],
      [{ key: 'a' }, RANGE],
      [{ attempt: 2 }, RANGE],
    ];
    for (const [options, error] of wrong) await assert.rejects(pool.run({}, options), error);
    assert.equal(pool.queueSize, 0);
  });

  it('options are own properties', (t) => {
    const pool = queue.pool(t, Object.create({ submitTimeout: 'inherited', jobs: 7 }));
    assert.equal(pool.queueSize, 0);
  });
});
