'use strict';

// Callbacks from threads: each in the context of its call site, in order, with its exceptions.

const test = require('node:test');
const assert = require('node:assert/strict');
const { demo, classes, calls, uncaught } = require('./demo.js');

const COUNT = 1000;

for (const [whose, AsyncLocalStorage] of Object.entries(classes)) {
  test(`1,000 contexts by one function over 8 threads (${whose} class)`, async () => {
    const storage = new AsyncLocalStorage();
    const wrong = [];
    const { promise, call: done } = calls(COUNT);
    const check = (where, i) => {
      if (storage.getStore()?.i !== i) wrong.push([where, i, storage.getStore()]);
    };
    const posts = new demo.Posts((i) => {
      check('callback', i);
      Promise.resolve().then(() => check('microtask', i));
      setImmediate(() => {
        check('immediate', i);
        done(i);
      });
    });
    for (let i = 0; i < COUNT; i++) storage.run({ i }, () => posts.post(i));
    const received = await promise;
    assert.deepEqual(wrong, []);
    assert.deepEqual(
      received.sort((a, b) => a - b),
      Array.from({ length: COUNT }, (_, i) => i),
    );
    assert.equal(storage.getStore(), undefined);
  });
}

test('the examples call back in the context of their call', async () => {
  const storage = new classes["Node's"]();
  const { promise, call } = calls(6);
  const see = (value) => call([storage.getStore(), value]);
  const watcher = new demo.Watcher(see);
  storage.run('watch', () => watcher.watch(2));
  storage.run('tick', () => demo.tick(see));
  assert.equal(await storage.run('sum', () => demo.sum([1, 2, 3], see)), 6);
  assert.equal(await storage.run('count', () => demo.count(2, see)), 2);
  const seen = await promise;
  const of = (name) => seen.filter(([store]) => store === name).map(([, value]) => value);
  assert.deepEqual(['watch', 'tick', 'sum', 'count'].map(of), [[0, 1], [undefined], [6], [0, 1]]);
});

test('ticks and microtasks run after each call of a burst', async () => {
  const { promise, call: log } = calls(12);
  const posts = new demo.Posts((i) => {
    log(`call ${i}`);
    process.nextTick(() => log(`tick ${i}`));
    queueMicrotask(() => log(`microtask ${i}`));
  });
  posts.burst(4);
  assert.deepEqual(
    await promise,
    [0, 1, 2, 3].flatMap((i) => [`call ${i}`, `tick ${i}`, `microtask ${i}`]),
  );
});

test('exceptions go to uncaughtException in the context, and calls go on', async () => {
  const storage = new classes["Node's"]();
  const posts = new demo.Posts((i) => {
    throw new Error(`expected ${i}`);
  });
  const seen = await uncaught(
    3,
    ({ message }) => `${message} in ${storage.getStore()}`,
    () => {
      storage.run('a', () => posts.burst(2));
      storage.run('b', () => posts.post(2));
    },
  );
  assert.deepEqual(seen.sort(), ['expected 0 in a', 'expected 1 in a', 'expected 2 in b']);
  assert.equal(storage.getStore(), undefined);
});

test('errors, exceptions and panics of native bodies go to uncaughtException in the context', async () => {
  const storage = new classes["Node's"]();
  const hows = { returns: 'expected error', throws: 'expected exception', panics: 'panicked' };
  for (const [how, message] of Object.entries(hows)) {
    const code = how === 'panics' ? 'ERR_ASYNC_CONTEXT_PANIC' : undefined;
    const starts = [() => demo.postFailure(how), () => demo.convertFailure(assert.fail, how)];
    for (const start of starts) {
      const describe = (error) => ({ error, store: storage.getStore() });
      const [{ error, store }] = await uncaught(1, describe, () => storage.run(how, start));
      assert.match(error.message, new RegExp(message));
      if (code !== undefined) assert.equal(error.code, code);
      assert.equal(store, how);
    }
  }
});
