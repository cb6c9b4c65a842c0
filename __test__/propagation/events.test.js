'use strict';

// Listeners run in the scope of the dispatch; awaited events come back in the scope of the await.

const assert = require('node:assert/strict');
const diagnostics = require('node:diagnostics_channel');
const { EventEmitter, EventEmitterAsyncResource, on, once } = require('node:events');
const { PerformanceObserver, performance } = require('node:perf_hooks');
const { suite } = require('../helpers/suite.js');
const { storage, seen, carries } = require('../helpers/carries.js');

const test = suite(__filename);

/** The store of a listener that was added in one scope and is called in another. */
function dispatched(listen, dispatch) {
  const found = [];
  storage.run('listener', () => listen(() => found.push(seen())));
  storage.run('dispatcher', dispatch);
  return found;
}

test('EventEmitter', () => {
  const emitter = storage.run('maker', () => new EventEmitter());
  const found = dispatched(
    (fn) => emitter.on('event', fn),
    () => emitter.emit('event'),
  );
  assert.deepEqual(found, ['dispatcher']);
});

test("the other listeners and the emitter's caller see a store entered by a listener", () => {
  const emitter = new EventEmitter();
  const found = [];
  emitter.on('event', () => storage.enterWith('entered'));
  emitter.on('event', () => found.push(seen()));
  storage.run('emitter', () => {
    emitter.emit('event');
    found.push(seen());
  });
  found.push(seen());
  assert.deepEqual(found, ['entered', 'entered', undefined]);
});

test('EventEmitterAsyncResource: the scope in which it was made', () => {
  const emitter = storage.run('maker', () => new EventEmitterAsyncResource({ name: 'test' }));
  const found = dispatched(
    (fn) => emitter.on('event', fn),
    () => emitter.emit('event'),
  );
  emitter.emitDestroy();
  assert.deepEqual(found, ['maker']);
});

test('EventTarget', () => {
  const target = storage.run('maker', () => new EventTarget());
  const found = dispatched(
    (fn) => target.addEventListener('event', fn),
    () => target.dispatchEvent(new Event('event')),
  );
  assert.deepEqual(found, ['dispatcher']);
});

test('AbortSignal', () => {
  const controller = storage.run('maker', () => new AbortController());
  const both = AbortSignal.any([controller.signal]);
  const found = dispatched(
    (fn) => {
      controller.signal.addEventListener('abort', fn);
      both.addEventListener('abort', fn);
    },
    () => controller.abort(),
  );
  assert.deepEqual(found, ['dispatcher', 'dispatcher']);
});

test('AbortSignal.timeout: the scope in which it was made', async () => {
  const signal = storage.run('maker', () => AbortSignal.timeout(1));
  // The signal's own timer does not keep the process alive.
  const alive = setInterval(() => {}, 1000);
  const found = await storage.run(
    'listener',
    () =>
      new Promise((resolve) => {
        signal.addEventListener('abort', () => resolve(seen()));
      }),
  );
  clearInterval(alive);
  assert.equal(found, 'maker');
});

carries(test, 'events.once', async (report) => {
  const emitter = new EventEmitter();
  storage.run('dispatcher', () => setImmediate(() => emitter.emit('event')));
  await once(emitter, 'event');
  report();
});

carries(
  test,
  'events.on',
  async (report) => {
    const emitter = new EventEmitter();
    storage.run('dispatcher', () =>
      setImmediate(() => {
        emitter.emit('event');
        emitter.emit('event');
        setImmediate(() => emitter.emit('event'));
      }),
    );
    let count = 0;
    // oxlint-disable-next-line no-unused-vars
    for await (const _ of on(emitter, 'event')) {
      report();
      if (++count === 3) break;
    }
    report();
  },
  { times: 4 },
);

test('PerformanceObserver: not the scope of what it measures', async () => {
  let observer;
  const found = [];
  const observed = new Promise((resolve) => {
    observer = new PerformanceObserver(() => {
      found.push(seen());
      resolve();
    });
  });
  observer.observe({ entryTypes: ['mark'] });
  storage.run('measured', () => performance.mark('async-hooks-rs'));
  await observed;
  observer.disconnect();
  // The list is handed over in an immediate of the mark that began it.
  assert.deepEqual(found, ['measured']);
});

test("diagnostics_channel: subscribers run in the publisher's scope", () => {
  const channel = diagnostics.channel('async-hooks-rs:publish');
  let listener;
  const found = dispatched(
    (fn) => {
      listener = fn;
      channel.subscribe(fn);
    },
    () => channel.publish({}),
  );
  channel.unsubscribe(listener);
  assert.deepEqual(found, ['dispatcher']);
});

test('diagnostics_channel: bindStore and runStores work with our storage', async () => {
  const channel = diagnostics.channel('async-hooks-rs:stores');
  channel.bindStore(storage, ({ id }) => `bound ${id}`);
  const found = await storage.run('outer', () => {
    const inside = channel.runStores(
      { id: 1 },
      async function (...args) {
        const stores = [seen(), this.self, ...args];
        await null;
        stores.push(seen());
        await new Promise((resolve) => setImmediate(resolve));
        return [...stores, seen()];
      },
      { self: 'this' },
      'argument',
    );
    assert.equal(seen(), 'outer');
    return inside;
  });
  assert.deepEqual(found, ['bound 1', 'this', 'argument', 'bound 1', 'bound 1']);
  assert.equal(channel.unbindStore(storage), true);
  assert.equal(channel.runStores({ id: 2 }, seen), undefined);
});

test('diagnostics_channel: a tracing channel keeps the scope around a promise', async () => {
  const tracing = diagnostics.tracingChannel('async-hooks-rs');
  tracing.start.bindStore(storage, () => 'traced');
  const found = [];
  const handlers = {
    asyncStart() {
      found.push(seen());
    },
    start() {},
  };
  tracing.subscribe(handlers);
  await tracing.tracePromise(async () => {
    await null;
    found.push(seen());
  }, {});
  tracing.unsubscribe(handlers);
  tracing.start.unbindStore(storage);
  assert.equal(found[0], 'traced');
  assert.equal(found.length, 2);
  assert.equal(seen(), undefined);
});
