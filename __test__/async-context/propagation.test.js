'use strict';

// Operations that start inside Variable.prototype.run() see the value, for every kind of
// continuation in Node, and the scopes of two callers and of none do not mix.

const assert = require('node:assert/strict');
const { EventEmitter, once } = require('node:events');
const fs = require('node:fs');
const { randomBytes } = require('node:crypto');
const { Readable, pipeline } = require('node:stream');
const { setTimeout: delay } = require('node:timers/promises');
const { gzip } = require('node:zlib');
const { Variable, Snapshot } = require('../../async-context.js');
const { differs } = require('../helpers/engine.js');
const { suite } = require('../helpers/suite.js');

const test = suite(__filename);

const variable = new Variable({ defaultValue: 'default' });
const get = () => variable.get();

const ways = {
  'then()': () => Promise.resolve().then(get),
  'catch()': () => Promise.reject(new Error('expected')).catch(get),
  'finally()': async () => {
    let seen;
    await Promise.resolve().finally(() => {
      seen = get();
    });
    return seen;
  },
  'await': async () => {
    await null;
    await new Promise((resolve) => setImmediate(resolve));
    return get();
  },
  'for await': async () => {
    const seen = [];
    for await (const value of [delay(1), 2]) seen.push(value, get());
    return seen.at(-1);
  },
  'then() of a thenable': async () => ({ then: (resolve) => resolve(get()) }),
  'queueMicrotask()': () => new Promise((resolve) => queueMicrotask(() => resolve(get()))),
  'process.nextTick()': () => new Promise((resolve) => process.nextTick(() => resolve(get()))),
  'setTimeout()': () => new Promise((resolve) => setTimeout(() => resolve(get()), 1)),
  'setImmediate()': () => new Promise((resolve) => setImmediate(() => resolve(get()))),
  'setInterval()': () =>
    new Promise((resolve) => {
      let calls = 0;
      const interval = setInterval(() => {
        if (++calls < 3) return;
        clearInterval(interval);
        resolve(get());
      }, 1);
    }),
  'timers/promises': () => delay(1).then(get),
  'fs': () => new Promise((resolve) => fs.stat(__filename, () => resolve(get()))),
  'fs/promises': () => fs.promises.stat(__filename).then(get),
  'crypto': () => new Promise((resolve) => randomBytes(8, () => resolve(get()))),
  'zlib': () => new Promise((resolve) => gzip('text', () => resolve(get()))),
  'pipeline()': () =>
    new Promise((resolve, reject) => {
      let seen;
      pipeline(
        Readable.from(['chunk']),
        async (source) => {
          for await (const chunk of source) seen = chunk && get();
        },
        (error) => (error ? reject(error) : resolve(seen)),
      );
    }),
  'once() of node:events': async () => {
    const emitter = new EventEmitter();
    setImmediate(() => emitter.emit('event'));
    await once(emitter, 'event');
    return get();
  },
};

for (const [title, start] of Object.entries(ways)) {
  test(`${title} sees the value`, async () => {
    const found = await Promise.all([
      variable.run('one', start),
      variable.run('two', start),
      start(),
    ]);
    assert.deepEqual(found, ['one', 'two', 'default']);
    assert.equal(get(), 'default');
  });
}

test('a reaction sees the context of the then() call', async () => {
  let settle;
  const promise = variable.run(
    'creator',
    () =>
      new Promise((resolve) => {
        settle = resolve;
      }),
  );
  const reactions = [
    variable.run('one', () => promise.then(get)),
    variable.run('two', async () => {
      await promise;
      return get();
    }),
    promise.then(get),
  ];
  variable.run('resolver', () => settle());
  assert.deepEqual(await Promise.all(reactions), ['one', 'two', 'default']);
});

test('then() of a thenable sees the context of the resolve() call', async () => {
  let settle;
  const promise = variable.run(
    'creator',
    () =>
      new Promise((resolve) => {
        settle = resolve;
      }),
  );
  variable.run('resolver', () => settle({ then: (resolve) => resolve(get()) }));
  assert.equal(await promise, differs.thenableSeenFromCreation ? 'creator' : 'resolver');
});

test('listeners of an event see the context of its dispatch', () => {
  const emitter = new EventEmitter();
  const target = new EventTarget();
  const seen = [];
  variable.run('listener', () => {
    emitter.on('event', () => seen.push(get()));
    target.addEventListener('event', () => seen.push(get()));
    emitter.on(
      'wrapped',
      Snapshot.wrap(() => seen.push(get())),
    );
  });
  variable.run('dispatcher', () => {
    emitter.emit('event');
    target.dispatchEvent(new Event('event'));
    emitter.emit('wrapped');
  });
  assert.deepEqual(seen, ['dispatcher', 'dispatcher', 'listener']);
});

test('microtasks of a left scope do not change the scope of the running code', async () => {
  const log = [];
  variable.run('one', () => queueMicrotask(() => log.push(get())));
  variable.run('two', () => queueMicrotask(() => log.push(get())));
  log.push(get());
  await null;
  log.push(get());
  assert.deepEqual(log, ['default', 'one', 'two', 'default']);
});
