'use strict';

// How contexts are carried: by Node-API where that works, else by AsyncLocalStorage.snapshot(). The
// host's class is replaced before the addon asks for it.

const test = require('node:test');
const assert = require('node:assert/strict');
const hooks = require('node:async_hooks');
const { runtime } = require('../helpers/runtimes.js');

// A class whose stores only snapshot() carries: where it is the host's, napi_make_callback enters
// nothing.
let current;
let snapshots = 0;
class BySnapshot {
  run(store, body) {
    const prior = current;
    current = store;
    try {
      return body();
    } finally {
      current = prior;
    }
  }

  getStore() {
    return current;
  }

  disable() {} // all instances share the store

  static snapshot() {
    snapshots++;
    const kept = current;
    return (body, ...args) => new BySnapshot().run(kept, () => body(...args));
  }
}

const load = process.getBuiltinModule;
process.getBuiltinModule = () => ({ ...hooks, AsyncLocalStorage: BySnapshot });
const { demo, inside, calls } = require('./demo.js');
const storage = new BySnapshot();
const context = storage.run('a', () => new demo.Context());
process.getBuiltinModule = load;

test('snapshot() carries contexts where Node-API does not', async () => {
  assert.ok(snapshots >= 2, 'one for the proof, one for the context');
  assert.equal(
    inside(context, () => storage.getStore()),
    'a',
  );
  assert.deepEqual(
    context.callWithMany((...all) => [all.length, storage.getStore()]),
    [12, 'a'],
  );
  const { promise, call } = calls(2);
  const posts = new demo.Posts((i) => call([i, storage.getStore()]));
  storage.run('b', () => posts.burst(2));
  assert.deepEqual(await promise, [
    [0, 'b'],
    [1, 'b'],
  ]);
  assert.equal(storage.getStore(), undefined);
});

test('Node-API carries contexts on Node, without snapshot()', (t) => {
  if (runtime !== 'node') return t.skip('it does not');
  const { spawnSync } = require('node:child_process');
  const program = `
    const { AsyncLocalStorage } = require('node:async_hooks');
    AsyncLocalStorage.snapshot = () => { throw new Error('called'); };
    const { demo } = require(${JSON.stringify(require.resolve('./demo.js'))});
    const storage = new AsyncLocalStorage();
    const context = storage.run('a', () => new demo.Context());
    context.run(() => console.log(storage.getStore()));`;
  const { stdout, status } = spawnSync(process.execPath, ['-e', program], { encoding: 'utf8' });
  assert.deepEqual([stdout, status], ['a\n', 0]);
});
