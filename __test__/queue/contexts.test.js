'use strict';

// What travels with the tasks: captured where they are submitted, entered where they run.

const { before, describe, it } = require('node:test');
const assert = require('node:assert/strict');
const { suite } = require('./helpers/suite.js');
const { fixture } = require('./helpers/server.js');

const options = ['--threads', '1', '--contexts', fixture('contexts.mjs')];

describe('contexts over a queue', () => {
  const queue = suite();
  let shared;
  before(async () => {
    shared = await import('./fixtures/contexts.mjs');
  });

  it('each task is entered in its own, in the order of the option', async (t) => {
    const { contexts, request, trace } = shared;
    const pool = queue.pool(t, { contexts });
    const server = await queue.serve(t, pool, { options });
    const ids = [1, 2, 3];
    await Promise.all(
      ids.map((id) =>
        request.run({ id }, () =>
          trace.run({ id: `t${id}` }, async () => {
            assert.equal(await pool.run({ act: 'echo', value: id }), id);
            assert.deepEqual([request.getStore().id, trace.getStore().id], [id, `t${id}`]);
          }),
        ),
      ),
    );
    for (const id of ids) {
      for (const where of ['server', 'thread']) {
        await server.stdout.find((line) => line === `entered t${id} in request ${id}, ${where}`);
      }
    }
    // None of them: nothing is entered.
    await pool.run({ act: 'echo' });
    const entered = server.stdout.all.filter((line) => line.startsWith('entered '));
    assert.equal(entered.length, 2 * ids.length, entered.join());
  });

  it("a span that a task starts is a child of its submission's", async (t) => {
    const { contexts, tracer } = require('./fixtures/tracing.cjs');
    const pool = queue.pool(t, { contexts });
    const tracing = ['--threads', '2', '--contexts', fixture('tracing.cjs')];
    await queue.serve(t, pool, { processor: 'traced.cjs', options: tracing });
    await Promise.all(
      Array.from({ length: 20 }, () =>
        tracer.startActiveSpan('request', async (span) => {
          const { traceId, spanId } = span.spanContext();
          assert.deepEqual(await pool.run({}), { trace: traceId, parent: spanId });
          span.end();
        }),
      ),
    );
  });

  it('a context that the server does not know fails the task, with its name', async (t) => {
    const { contexts, request } = shared;
    const pool = queue.pool(t, { contexts });
    await queue.serve(t, pool);
    await assert.rejects(
      request.run({ id: 1 }, () => pool.run({ act: 'echo' })),
      { code: 'ERR_ASYNC_HOOKS_RS_CONTEXT_UNKNOWN', message: /'request' among the contexts/ },
    );
    assert.equal(await pool.run({ act: 'echo', value: 'without' }), 'without');
  });

  it('a store that cannot be copied fails the submission, with the path to the value', async (t) => {
    const { contexts, request } = shared;
    const pool = queue.pool(t, { contexts });
    await assert.rejects(
      request.run({ user: { load() {} } }, () => pool.run({ act: 'echo' })),
      { code: 'ERR_ASYNC_HOOKS_RS_CONTEXT_NOT_CLONEABLE', message: /'request'.*\.user\.load/ },
    );
  });
});
