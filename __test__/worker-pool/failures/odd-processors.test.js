'use strict';

// Processors that upset their thread: they close or abandon their port, replace functions that the
// pool may rely on, or return values that are hard to send. The tasks before and after the odd one
// have their results.

const assert = require('node:assert/strict');
const { processorFolder } = require('../../helpers/processor-folder.js');
const { poolTest } = require('../../helpers/pool-session.js');

const TASKS = 20;
const ODD = 7;

const portOf = "const { parentPort } = require('node:worker_threads');";

const ok = ({ error, result }) => assert.deepEqual([error, result], [null, 'ok']);
const fails =
  (pattern) =>
  ({ error, result }) => {
    assert.ok(error instanceof Error, String(error));
    assert.match(`${error.name} ${error.code} ${error.message}`, pattern);
    assert.equal(result, null);
  };

// Each is a program whose task with `odd` set is the odd one, and the outcome of that task.
const processors = {
  'a function closes parentPort': [
    `${portOf}
    module.exports = ({ odd }) => {
      if (odd) parentPort.close();
      return 'ok';
    };`,
    ok,
  ],
  "the docs' form closes parentPort instead of an answer": [
    `${portOf}
    parentPort.on('message', ({ odd }) => {
      if (odd) parentPort.close();
      else parentPort.postMessage('ok');
    });`,
    fails(/ERR_WORKER_POOL_WORKER_EXIT/),
  ],
  "the docs' form listens once": [
    `${portOf}
    parentPort.once('message', () => parentPort.postMessage('ok'));`,
    ok,
  ],
  "the docs' form answers what it threw itself": [
    `${portOf}
    process.on('uncaughtException', ({ message }) => parentPort.postMessage(message));
    parentPort.on('message', ({ odd }) => {
      if (odd) throw new Error('ok');
      parentPort.postMessage('ok');
    });`,
    ok,
  ],
  'a function removes all listeners of process': [
    `
    module.exports = () => {
      process.removeAllListeners();
      process.exitCode = 5;
      return 'ok';
    };`,
    ok,
  ],
  'a function returns what is nested too deep': [
    `
    module.exports = ({ odd }) => {
      if (!odd) return 'ok';
      let nested = [];
      for (let i = 0; i < 200_000; i++) nested = [nested];
      return nested;
    };`,
    fails(/RangeError|ERR_WORKER_POOL_NOT_CLONEABLE/),
  ],
  'a function throws an error with 20,000 causes': [
    `
    module.exports = ({ odd }) => {
      if (!odd) return 'ok';
      let error;
      for (let i = 0; i <= 20_000; i++) error = new Error('number ' + i, { cause: error });
      throw error;
    };`,
    fails(/number 20000/),
  ],
  'a function throws an error of megabytes': [
    `
    module.exports = ({ odd }) => {
      if (!odd) return 'ok';
      throw Object.assign(new Error('x'.repeat(5e6)), { list: Array(1e5).fill('y') });
    };`,
    ({ error }) => {
      assert.equal(error.message.length, 5e6);
      assert.equal(error.list.length, 1e5);
    },
  ],
  'a function freezes the prototypes': [
    `
    for (const { prototype } of [Object, Array, Promise, Function, Error, Map]) {
      Object.freeze(prototype);
    }
    module.exports = async () => 'ok';`,
    ok,
  ],
  'a function adds to the prototypes': [
    `
    Object.prototype.extra = 1;
    Array.prototype.extra = 2;
    module.exports = ({ odd }) => (odd ? Object.keys({ odd }).join() : 'ok');`,
    ({ result }) => assert.equal(result, 'odd'),
  ],
  'a function takes the timers away': [
    `
    for (const name of ['setImmediate', 'setTimeout', 'performance', 'queueMicrotask']) {
      Object.defineProperty(globalThis, name, { value: undefined });
    }
    process.nextTick = () => { throw new Error('no ticks'); };
    module.exports = () => 'ok';`,
    ok,
  ],
  'a function replaces process, and throws later': [
    `
    module.exports = ({ odd }) => {
      globalThis.process = {};
      if (!odd) return 'ok';
      setImmediate(() => { throw new RangeError('later'); });
      return new Promise(() => {});
    };`,
    fails(/RangeError .*later/),
  ],
  'a function returns a thenable whose then throws': [
    `
    module.exports = ({ odd }) => {
      if (!odd) return 'ok';
      return { get then() { throw new Error('by then'); } };
    };`,
    fails(/by then/),
  ],
  'a function has no stacks': [
    `
    Error.stackTraceLimit = 0;
    module.exports = ({ odd }) => {
      if (odd) throw new TypeError('without a stack');
      return 'ok';
    };`,
    fails(/TypeError .*without a stack/),
  ],
  'a function prepares stacks by throwing': [
    `
    Error.prepareStackTrace = () => { throw new Error('no stack'); };
    module.exports = ({ odd }) => {
      if (odd) throw new TypeError('without a stack');
      return 'ok';
    };`,
    fails(/TypeError .*without a stack/),
  ],
  'exit handlers change the exit code': [
    `
    process.on('exit', () => process.exit(9));
    module.exports = ({ odd }) => (odd ? process.exit(2) : 'ok');`,
    ({ error }) => {
      assert.equal(error.code, 'ERR_WORKER_POOL_WORKER_EXIT');
      assert.equal(error.exitCode, 9);
    },
  ],
};

for (const [title, [source, check]] of Object.entries(processors)) {
  poolTest(title, {}, async ({ open, submit }, t) => {
    const pool = open(1, processorFolder(t)('odd.js', source));
    const outcomes = await Promise.all(
      Array.from({ length: TASKS }, (_, i) => submit(pool, { odd: i === ODD })),
    );
    check(outcomes[ODD]);
    outcomes.filter((_, i) => i !== ODD).forEach(ok);
    assert.equal(pool.numThreads, 1);
  });
}
