'use strict';

// Getters of what a processor says use its port and its task while the thread reads them, and
// promises of it settle more than once. A task has one outcome, and no other task has it.

const assert = require('node:assert/strict');
const { poolSuite } = require('../../helpers/pool-suite.js');
const { messages, withPool } = require('../../helpers/with-pool.js');
const { processorFolder } = require('../../helpers/processor-folder.js');

const test = poolSuite();

// The task says where the listener replies from; another value is the reply.
const listener = `
  const { parentPort } = require('node:worker_threads');
  const { taskInfo } = require(${JSON.stringify(require.resolve('../../../worker-pool.js'))});

  const nested = (depth, value) => (depth === 0 ? value : [nested(depth - 1, value)]);

  function replying(value) {
    let isDone = false;
    return {
      before: 'a',
      get value() {
        if (!isDone) parentPort.postMessage(value);
        isDone = true;
        return 1;
      },
      after: 'b'.repeat(100),
    };
  }

  parentPort.on('message', async ({ from, turns, depth = 0, value }) => {
    if (turns > 0) await new Promise((resolve) => setImmediate(resolve));
    const getter = replying(nested(depth, value));
    switch (from) {
      case 'progress':
        taskInfo().progress(getter);
        break;
      case 'error':
        throw Object.assign(new Error('after the reply'), { getter });
      case 'options': {
        const transfer = Object.defineProperty({}, 'transfer', {
          get() {
            void getter.value;
            return [];
          },
        });
        parentPort.postMessage('another message', transfer);
        break;
      }
      default:
        setImmediate(() => parentPort.postMessage(value));
    }
  });
`;

for (const from of ['progress', 'error', 'options']) {
  for (const turns of [0, 1]) {
    // 600 is too deep for all but a port.
    for (const depth of [0, 600]) {
      test(`a getter of ${from} replies: ${turns} turns later, ${depth} deep`, async (t) => {
        await withPool([1, processorFolder(t)('replies.cjs', listener)], async (pool) => {
          const errors = [];
          const told = [];
          pool.on('error', ({ message }) => errors.push(message));
          const posted = from === 'options' ? messages(pool, 1).enough : undefined;
          const onProgress = (value) => told.push(value);
          const task = pool.run({ from, turns, depth, value: 'reply' }, { onProgress });
          const others = ['next', 'last'].map((value) => pool.run({ value }, { onProgress }));
          assert.deepEqual([await task].flat(Infinity), ['reply']);
          assert.deepEqual(await Promise.all(others), ['next', 'last']);
          if (posted !== undefined) assert.deepEqual(await posted, ['another message']);
          assert.deepEqual(told, []);
          assert.deepEqual(errors, from === 'error' ? ['after the reply'] : []);
        });
      });
    }
  }
}

const runtimes = ['worker_threads'];
if (!('bun' in process.versions || 'deno' in process.versions)) runtimes.push('child_process');

for (const runtime of runtimes) {
  for (const tasksPerWorker of [1, 2]) {
    const title = `${runtime}, ${tasksPerWorker} at once`;
    test(`${title}: a promise that calls its reactions several times settles once`, async () => {
      const processor = (value) => {
        if (value !== 'odd') return new Promise((resolve) => setTimeout(resolve, 5, value));
        const promise = Promise.resolve('odd');
        // biome-ignore lint/suspicious/noThenProperty: it is what is tested
        promise.then = (fulfilled) => {
          fulfilled('first');
          fulfilled('second');
          setTimeout(fulfilled, 1, 'third');
        };
        return promise;
      };
      await withPool([1, processor, { runtime, tasksPerWorker }], async (pool) => {
        const values = ['odd', 'next', 'odd', 'last'];
        assert.deepEqual(await Promise.all(values.map((value) => pool.run(value))), values);
      });
    });
  }

  test(`${runtime}: a promise whose getter throws fails its task, and the thread goes on`, async () => {
    const processor = (isOdd) => {
      const promise = Promise.resolve(process.pid * 1000 + require('node:worker_threads').threadId);
      const get = () => {
        throw new RangeError('of the getter');
      };
      return isOdd ? Object.defineProperty(promise, 'constructor', { get }) : promise;
    };
    await withPool([1, processor, { runtime }], async (pool) => {
      const thread = await pool.run(false);
      await assert.rejects(pool.run(true), { name: 'RangeError', message: 'of the getter' });
      assert.equal(await pool.run(false), thread);
    });
  });
}
