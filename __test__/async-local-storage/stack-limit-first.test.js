'use strict';

// The first scope and the first error of the process, near the stack limit: what is set up for them
// is complete, or is set up by the next one.

const assert = require('node:assert/strict');
const test = require('node:test');
const { AsyncLocalStorage } = require('../../index.js');
const { nearTheLimit } = require('../helpers/near-stack-limit.js');

const FRAMES = { depths: 600 };
const storage = new AsyncLocalStorage();

nearTheLimit(() => storage.run('first', () => storage.enterWith('entered')), FRAMES);
nearTheLimit(() => new AsyncLocalStorage('wrong'), FRAMES);

test('stores are carried', async () => {
  const later = storage.run('store', () => [
    new Promise((resolve) => setTimeout(() => resolve(storage.getStore()), 1)),
    new Promise((resolve) => setImmediate(() => resolve(storage.getStore()))),
    new Promise((resolve) => process.nextTick(() => resolve(storage.getStore()))),
    Promise.resolve().then(() => storage.getStore()),
  ]);
  assert.deepEqual(new Set(await Promise.all(later)), new Set(['store']));
});

test('what is entered ends with its callback', async () => {
  await new Promise((resolve) =>
    setImmediate(() => {
      storage.enterWith('entered');
      resolve();
    }),
  );
  await new Promise((resolve) => setImmediate(resolve));
  const seen = await new Promise((resolve) =>
    setTimeout(() => resolve(storage.run('store', () => storage.getStore())), 1),
  );
  assert.equal(seen, 'store');
});

// Other hosts have none.
const others = 'bun' in process.versions || 'deno' in process.versions;

test("errors have Node's mark of errors with a code", { skip: others }, () => {
  let error;
  try {
    new AsyncLocalStorage('wrong');
  } catch (thrown) {
    error = thrown;
  }
  const names = Object.getOwnPropertySymbols(error).map(({ description }) => description);
  assert.deepEqual(names, ['kIsNodeError']);
});
