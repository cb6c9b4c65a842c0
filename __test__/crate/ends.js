'use strict';

// What keeps a process alive: work that is out, and nothing that is only held.

const test = require('node:test');
const assert = require('node:assert/strict');
const { once } = require('node:events');
const { spawnProgram } = require('./demo.js');

/** The lines, sorted, that a process prints until it has ended by itself. */
async function lines(program) {
  const demo = JSON.stringify(require.resolve('./demo.js'));
  const child = spawnProgram(`const { demo } = require(${demo});\n${program}`, 'pipe');
  let output = '';
  child.stdout.on('data', (data) => {
    output += data;
  });
  assert.deepEqual(await once(child, 'close'), [0, null]);
  return output.split('\n').filter(Boolean).sort();
}

test('a process ends after its jobs, and not before', async () => {
  assert.deepEqual(
    await lines(`
    new demo.Context();
    demo.sum([1, 2], () => {}).then((sum) => console.log(sum));
    demo.jobOnOwnThread(4).then((value) => console.log(value));`),
    ['3', '4'],
  );
});

test('a process ends after the last call of a function that is still held', async () => {
  assert.deepEqual(
    await lines(`
    const { AsyncLocalStorage } = require('node:async_hooks');
    const storage = new AsyncLocalStorage();
    globalThis.watcher = new demo.Watcher((n) => console.log(n, storage.getStore()));
    storage.run('request 1', () => watcher.watch(2));
    storage.run('request 2', () => watcher.watch(1));`),
    ['0 request 1', '0 request 2', '1 request 1'],
  );
});

test('calls of a function that nobody holds any more keep the process, until they are made', async () => {
  assert.deepEqual(
    await lines(`
      (() => new demo.Watcher((n) => console.log(n)).watch(3))();`),
    ['0', '1', '2'],
  );
});

test('a context and a function that are held let the process end', async () => {
  assert.deepEqual(
    await lines(`
    globalThis.held = [new demo.Context(), new demo.Watcher(() => {}),
      new demo.Subscription(() => {})];
    console.log('end');`),
    ['end'],
  );
});
