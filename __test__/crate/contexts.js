'use strict';

// AsyncContext: what is captured is what is current in run() and in call().

const test = require('node:test');
const assert = require('node:assert/strict');
const { demo, classes, inside } = require('./demo.js');

for (const [whose, AsyncLocalStorage] of Object.entries(classes)) {
  test(`run() and call() enter the context, and leave it (${whose} class)`, () => {
    const storage = new AsyncLocalStorage();
    const context = storage.run('a', () => new demo.Context());
    const none = new demo.Context();
    storage.run('b', () => {
      assert.equal(
        inside(context, () => storage.getStore()),
        'a',
      );
      assert.equal(
        context.call((n) => n + storage.getStore(), 1),
        '1a',
      );
      assert.equal(
        inside(none, () => storage.getStore()),
        undefined,
      );
      assert.equal(storage.getStore(), 'b');
    });
    assert.equal(storage.getStore(), undefined);
  });

  test(`contexts nest, and come back one by one (${whose} class)`, () => {
    const storage = new AsyncLocalStorage();
    const [a, b] = ['a', 'b'].map((store) => storage.run(store, () => new demo.Context()));
    const seen = [];
    const see = () => seen.push(storage.getStore());
    a.run(() => {
      see();
      b.run(() => {
        see();
        a.call(see, 0);
        see();
      });
      see();
    });
    see();
    assert.deepEqual(seen, ['a', 'b', 'a', 'b', 'a', undefined]);
  });

  test(`what a body starts goes on in the context (${whose} class)`, async () => {
    const storage = new AsyncLocalStorage();
    const context = storage.run('a', () => new demo.Context());
    const seen = await inside(context, async () => {
      const before = storage.getStore();
      await null;
      const after = storage.getStore();
      const timer = await new Promise((resolve) =>
        setTimeout(() => resolve(storage.getStore()), 1),
      );
      return [before, after, timer];
    });
    assert.deepEqual(seen, ['a', 'a', 'a']);
  });
}

test('an emitter calls its listener in the context of its subscriber', () => {
  const storage = new classes["Node's"]();
  const seen = [];
  const subscription = storage.run(
    'subscriber',
    () => new demo.Subscription((event) => seen.push([event, storage.getStore()])),
  );
  storage.run('emitter', () => subscription.emit('event'));
  subscription.unsubscribe();
  subscription.emit('late');
  assert.deepEqual(seen, [['event', 'subscriber']]);
  const once = new demo.Subscription((event) => {
    once.unsubscribe();
    seen.push([event]);
  });
  for (const event of ['first', 'second']) once.emit(event);
  assert.deepEqual(seen, [['event', 'subscriber'], ['first']]);
});

test('any number of arguments arrives', () => {
  const context = new demo.Context();
  assert.deepEqual(
    context.callWithMany((...all) => all),
    Array.from({ length: 12 }, (_, i) => i),
  );
});

/** What `body` throws when it calls the function it is given, which throws `thrown`. */
function caught(body, thrown) {
  try {
    body(() => {
      throw thrown;
    });
  } catch (error) {
    return error;
  }
  return assert.fail('nothing was thrown');
}

test('the same error comes out of run() and call(), and the context is left', () => {
  const storage = new classes["Node's"]();
  const context = storage.run('a', () => new demo.Context());
  class Own extends Error {
    get cause() {
      throw new Error('of the getter');
    }
  }
  for (const thrown of [new RangeError('expected'), new Own('expected')]) {
    assert.equal(
      caught((fails) => context.call(fails, 0), thrown),
      thrown,
    );
    assert.equal(storage.getStore(), undefined);
  }
  const thrown = new RangeError('expected');
  assert.equal(
    caught((fails) => context.run(fails), thrown),
    thrown,
  );
  assert.equal(storage.getStore(), undefined);
  assert.throws(() => context.runThatThrows(), { message: 'pending', code: 'EXPECTED' });
});

test('what call() throws for no Error is one, with the text of a string, and runs no code', () => {
  const context = new demo.Context();
  const fails = () => {
    throw new Error('of the conversion');
  };
  const others = [
    Symbol('s'),
    { toString: fails },
    {
      get cause() {
        return fails();
      },
    },
    {},
    Object.create(null),
    new Proxy({}, {}),
    null,
    undefined,
    5,
    () => {},
  ];
  for (const [thrown, message] of [['text', 'text'], ...others.map((other) => [other, ''])]) {
    const error = caught((body) => context.call(body, 0), thrown);
    assert.ok(error instanceof Error);
    assert.equal(error.message, message);
    assert.equal(
      context.call(() => 1, 0),
      1,
    ); // nothing is pending
  }
});

test('a panic passes through run(), and the context is left', () => {
  const storage = new classes["Node's"]();
  const context = storage.run('a', () => new demo.Context());
  assert.throws(() => context.runThatPanics(), /expected panic/);
  assert.equal(storage.getStore(), undefined);
  assert.equal(
    inside(context, () => storage.getStore()),
    'a',
  );
});

test('ticks and microtasks run when the outermost callback ends, not run()', async () => {
  const context = new demo.Context();
  const log = [];
  await new Promise((resolve) =>
    setImmediate(() => {
      context.run(() => {
        process.nextTick(() => log.push('tick'));
        queueMicrotask(() => log.push('microtask'));
      });
      log.push('after run()');
      setImmediate(resolve);
    }),
  );
  assert.deepEqual(log, ['after run()', 'tick', 'microtask']);
});
