'use strict';

// Stores are collected after their scope, even where scopes of Node's class and of ours are mixed,
// whose Maps are copies of each other; and where each push creates a Map for native code.

const assert = require('node:assert/strict');
const test = require('node:test');
const { name } = require('../helpers/engine.js');
const { runProgram } = require('../helpers/program.js');

const only = { skip: name !== 'frame' && 'frames are never Maps here' };

/** The names of the patterns that kept stores, with the amount. */
async function whatIsKept() {
  const { AsyncLocalStorage } = require('async-hooks-rs');
  const { AsyncLocalStorage: NodeStorage } = require('node:async_hooks');
  const { gc } = require('./__test__/helpers/gc.js');
  const [agent, other] = [new NodeStorage(), new NodeStorage()];
  const [app, second] = [new AsyncLocalStorage(), new AsyncLocalStorage()];
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  const patterns = {
    'run(), in a flow that goes on': (store) => app.run(store, () => {}),
    "run(), enterWith() of Node's inside": (store) => app.run(store, () => other.enterWith(1)),
    'run(), enterWith() of ours inside': (store) => app.run(store, () => second.enterWith(1)),
    "run() of Node's, enterWith() inside": (store) => {
      other.run(1, () => app.enterWith(store));
      app.enterWith(0);
    },
    'enterWith(), again and again': (store) => {
      app.enterWith(store);
      app.enterWith(0);
    },
    'enterWith(), then disable()': (store) => {
      const storage = new AsyncLocalStorage();
      storage.enterWith(store);
      storage.disable();
    },
    'run() of a storage that goes': (store, watch) => {
      const storage = watch(new AsyncLocalStorage());
      storage.run(store, () => {});
    },
    "withScope(), disable() of Node's inside": (store) => {
      const scope = app.withScope(store);
      other.enterWith(1);
      other.disable();
      scope.dispose();
    },
    'awaits inside': (store) =>
      app.run(store, async () => {
        await null;
        other.enterWith(1);
        await turn();
        second.enterWith(1);
      }),
  };
  // In a function of its own, because a waiting function keeps its variables.
  const useOften = async (pattern, refs) => {
    const watch = (object) => {
      refs.push(new WeakRef(object));
      return object;
    };
    for (let i = 0; i < 20; i++) await pattern(watch({}), watch);
  };
  const kept = {};
  for (const [title, pattern] of Object.entries(patterns)) {
    await agent.run('agent', async () => {
      const refs = [];
      await useOften(pattern, refs);
      for (let i = 0; i < 5; i++) {
        await turn();
        gc();
      }
      const left = refs.filter((ref) => ref.deref() !== undefined).length;
      if (left > 0) kept[title] = left;
    });
  }
  return kept;
}

for (const [title, readers] of [
  ['no reader is loaded', '0'],
  ['a reader is loaded', '1'],
]) {
  test(`stores go with their scopes where ${title}`, only, async () => {
    const options = { env: { ASYNC_HOOKS_RS_NATIVE_READERS: readers } };
    assert.deepEqual(await runProgram(whatIsKept, options), {});
  });
}
