'use strict';

// What a thread keeps of the files that tasks name: tasks may name any number that are not there.

const { AsyncResource } = require('node:async_hooks');
const assert = require('node:assert/strict');
const { pathToFileURL } = require('node:url');
const { poolSuite } = require('../../helpers/pool-suite.js');
const { processorFolder } = require('../../helpers/processor-folder.js');
const { OtherProcessors } = require('../../../lib/worker/other-processors.js');

const test = poolSuite();

/** The files of a thread, the names of those that it keeps, and what calls one of them. */
function thread() {
  const others = new OtherProcessors({
    own: { url: 'file:///own.js', exported: undefined },
    scope: new AsyncResource('test'),
    broadcasts: undefined, // none of the files takes any
    tearsDown() {},
  });
  return {
    call: (file) => others.callable(pathToFileURL(file).href, 'default')(),
    kept: () => others.teardowns().map(({ file }) => file),
  };
}

test('files that are not there, or cannot be evaluated, are forgotten', async (t) => {
  const write = processorFolder(t);
  const { call, kept } = thread();
  const there = write('there.cjs', 'module.exports = () => "called";');
  assert.equal(await call(there), 'called');
  const missing = ['cjs', 'mjs', 'js'].flatMap((extension) =>
    Array.from({ length: 5 }, (_, i) => write(`missing ${i}.${extension}`)),
  );
  for (const file of [...missing, write('throws.cjs', 'throw new RangeError("no");')]) {
    const calls = [call(file), call(file)];
    assert.ok(kept().includes(file), 'while it is loaded');
    for (const { reason } of await Promise.allSettled(calls)) {
      assert.equal(reason.code, 'ERR_WORKER_POOL_LOAD');
    }
  }
  assert.deepEqual(kept(), [there]);
});

test('a file whose setup fails stays, and is not evaluated again', async (t) => {
  const { call, kept } = thread();
  const file = processorFolder(t)(
    'setup.cjs',
    `let evaluated = 0;
     let setUp = 0;
     evaluated++;
     exports.setup = () => { if (setUp++ < 2) throw new RangeError('not yet'); };
     exports.default = () => [evaluated, setUp];`,
  );
  for (let i = 0; i < 2; i++) {
    await assert.rejects(call(file), ({ cause }) => cause.code === 'ERR_WORKER_POOL_SETUP');
    assert.deepEqual(kept(), [file]);
  }
  assert.deepEqual(await call(file), [1, 3]);
  assert.deepEqual(kept(), [file]);
});
