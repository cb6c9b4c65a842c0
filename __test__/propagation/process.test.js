'use strict';

// Callbacks that belong to the process: signal handlers, finalization, the end.

const assert = require('node:assert/strict');
const { suite } = require('../helpers/suite.js');
const { gc } = require('../helpers/gc.js');
const { storage, seen } = require('../helpers/carries.js');
const { runProgram } = require('../helpers/program.js');

const test = suite(__filename);
const turn = () => new Promise((resolve) => setImmediate(resolve));

// Windows has no signal that a process may send to itself and survive. This one is ignored by
// default.
if (process.platform !== 'win32') {
  test('a signal handler: the scope in which the first one was registered', async () => {
    const alive = setInterval(() => {}, 1000);
    const received = storage.run(
      'listener',
      () =>
        new Promise((resolve) => {
          process.once('SIGWINCH', () => resolve(seen()));
        }),
    );
    storage.run('sender', () => process.kill(process.pid, 'SIGWINCH'));
    assert.equal(await received, 'listener');
    clearInterval(alive);
  });
}

test('FinalizationRegistry: no scope', async () => {
  let called;
  const collected = new Promise((resolve) => {
    called = resolve;
  });
  const registry = storage.run('registry', () => new FinalizationRegistry(() => called([seen()])));
  storage.run('registered', () => registry.register({}, 1));
  let found;
  collected.then((stores) => {
    found = stores;
  });
  for (let i = 0; i < 50 && found === undefined; i++) {
    await turn();
    storage.run('collector', gc);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  assert.deepEqual(found, [undefined]);
});

test('beforeExit and exit: no scope, and run() works in them', async () => {
  const found = await runProgram(() => {
    const { AsyncLocalStorage } = require('async-hooks-rs');
    const inner = new AsyncLocalStorage();
    const stores = [];
    inner.run('in', () => {
      process.once('beforeExit', () => {
        stores.push(inner.getStore());
        inner.run('late', () => setImmediate(() => stores.push(inner.getStore())));
      });
      process.prependListener('exit', () => {
        stores.push(
          inner.getStore(),
          inner.run('last', () => inner.getStore()),
        );
      });
      setTimeout(() => {}, 1);
    });
    return stores;
  });
  assert.deepEqual(found, [null, 'late', null, 'last']);
});
