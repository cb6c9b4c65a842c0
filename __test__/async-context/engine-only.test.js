'use strict';

// Parts of the proposal that need the JavaScript engine, so a library cannot implement them. Each
// test shows the behaviour here, and what a program can do if it needs that of the proposal.

const assert = require('node:assert/strict');
const { PerformanceObserver, performance } = require('node:perf_hooks');
const { MessageChannel } = require('node:worker_threads');
const { Variable, Snapshot } = require('../../async-context.js');
const { differs } = require('../helpers/engine.js');
const { collectUntil } = require('../helpers/gc.js');
const { runProgram } = require('../helpers/program.js');
const { suite } = require('../helpers/suite.js');

const test = suite(__filename);

const variable = new Variable({ defaultValue: 'default' });
const get = () => variable.get();

/** The generator; its body always runs in the context in which the generator was created. */
function captured(generator) {
  const snapshot = new Snapshot();
  const within = (method) => (value) => snapshot.run(() => generator[method](value));
  return {
    next: within('next'),
    return: within('return'),
    throw: within('throw'),
    [Symbol.iterator]() {
      return this;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

function* values() {
  try {
    yield get();
    yield get();
  } finally {
    yield get();
  }
}

async function* asyncValues() {
  try {
    await null;
    yield get();
    await null;
    yield get();
  } finally {
    yield get();
  }
}

test('a generator runs in the context of each next(), not in that of its creation', () => {
  const generator = variable.run('creation', values);
  const found = ['one', 'two'].map((name) => variable.run(name, () => generator.next().value));
  assert.deepEqual([...found, generator.return().value], ['one', 'two', 'default']);
});

test('a generator with a snapshot runs in the context of its creation', () => {
  const generator = variable.run('creation', () => captured(values()));
  const found = ['one', 'two'].map((name) => variable.run(name, () => generator.next().value));
  assert.deepEqual([...found, generator.return().value], Array(3).fill('creation'));
  assert.deepEqual(
    [...variable.run('creation', () => captured(values()))],
    Array(3).fill('creation'),
  );
});

test('an async generator runs in the context of each next()', async () => {
  const generator = variable.run('creation', asyncValues);
  const found = [];
  for (const name of ['one', 'two']) {
    found.push((await variable.run(name, () => generator.next())).value);
  }
  assert.deepEqual([...found, (await generator.return()).value], ['one', 'two', 'default']);
});

test('calls of next() that wait for an earlier one run in the context of that one', async () => {
  const generator = variable.run('creation', asyncValues);
  const results = ['one', 'two'].map((name) => variable.run(name, () => generator.next()));
  const found = await Promise.all([...results, generator.return()]);
  assert.deepEqual(
    found.map(({ value }) => value),
    ['one', 'one', 'one'],
  );
});

test('an async generator with a snapshot runs in the context of its creation', async () => {
  const generator = variable.run('creation', () => captured(asyncValues()));
  const results = ['one', 'two'].map((name) => variable.run(name, () => generator.next()));
  const found = await Promise.all([...results, generator.return()]);
  assert.deepEqual(
    found.map(({ value }) => value),
    Array(3).fill('creation'),
  );
  const iterated = [];
  for await (const value of variable.run('creation', () => captured(asyncValues()))) {
    iterated.push(value);
  }
  assert.deepEqual(iterated, Array(3).fill('creation'));
});

let evaluations = 0;
const importFresh = () => {
  globalThis.asyncHooksRsTest = { storage: { getStore: get } };
  return import(`../fixtures/module-imported.mjs?async-context=${evaluations++}`);
};

test('a module is evaluated in the context of its import(), not in none', async () => {
  const { stores } = await variable.run('importer', importFresh);
  assert.deepEqual(stores, Array(3).fill('importer'));
});

test('import() in an empty snapshot evaluates the module in no context', async () => {
  const empty = new Snapshot();
  const { stores } = await variable.run('importer', () => empty.run(importFresh));
  assert.deepEqual(stores, Array(3).fill('default'));
});

/** The value that the callback of a registry sees if the registry was created in a scope. */
async function seenByFinalizer(callbackOf) {
  const found = [];
  const registry = variable.run(
    'construction',
    () => new FinalizationRegistry(callbackOf(() => found.push(get()))),
  );
  variable.run('registration', () => registry.register({}, 'held'));
  assert.ok(await collectUntil(() => found.length > 0));
  return found;
}

test('a FinalizationRegistry calls back in no context, not in that of its construction', async () =>
  assert.deepEqual(await seenByFinalizer((fn) => fn), ['default']));

test('a FinalizationRegistry calls a wrapped callback in its captured context', async () =>
  assert.deepEqual(await seenByFinalizer(Snapshot.wrap), ['construction']));

/** The value that a listener sees for a message between two ports. */
async function seenByListener(listen) {
  const { port1, port2 } = variable.run('maker', () => new MessageChannel());
  const seen = variable.run(
    'listener',
    () =>
      new Promise((resolve) => {
        listen(port1, () => resolve(get()));
      }),
  );
  variable.run('poster', () => port2.postMessage('message'));
  const found = await seen;
  port1.close();
  return found;
}

test('a message arrives in the context in which the port was created, not in none', async () => {
  assert.equal(await seenByListener((port, look) => port.on('message', look)), 'maker');
  const empty = new Snapshot();
  assert.equal(
    await seenByListener((port, look) => {
      port.on(
        'message',
        empty.run(() => Snapshot.wrap(look)),
      );
    }),
    'default',
  );
});

/** The value that the callback of a PerformanceObserver sees. */
async function seenByObserver(callbackOf) {
  let observer;
  const seen = new Promise((resolve) => {
    observer = variable.run(
      'construction',
      () => new PerformanceObserver(callbackOf(() => resolve(get()))),
    );
  });
  variable.run('observe', () => observer.observe({ entryTypes: ['mark'] }));
  variable.run('mark', () => performance.mark('async-hooks-rs'));
  const found = await seen;
  observer.disconnect();
  return found;
}

test('a PerformanceObserver calls back in the context of mark(), not in none', async () =>
  assert.equal(await seenByObserver((fn) => fn), 'mark'));

test('a callback of a PerformanceObserver wrapped in an empty snapshot sees none', async () => {
  const empty = new Snapshot();
  assert.equal(await seenByObserver((fn) => empty.run(() => Snapshot.wrap(fn))), 'default');
});

function makeStreams() {
  const found = {};
  const look = (method) => {
    found[method] = get();
  };
  return variable.run('construction', () => ({
    found,
    readable: new ReadableStream(
      {
        pull(controller) {
          look('pull');
          controller.enqueue(1);
        },
      },
      { highWaterMark: 0 },
    ),
    writable: new WritableStream({
      write() {
        look('write');
      },
    }),
    transform: new TransformStream(
      {
        transform() {
          look('transform');
        },
      },
      {},
      { highWaterMark: 1 },
    ),
  }));
}

/** The values that the methods see. */
async function seenByMethods({ found, readable, writable, transform }) {
  await variable.run('call', () =>
    Promise.all([
      readable.getReader().read(),
      writable.getWriter().write(1),
      transform.writable.getWriter().write(1),
    ]),
  );
  return found;
}

test('methods of a stream called before start() is settled see its construction', async () => {
  assert.deepEqual(await seenByMethods(makeStreams()), {
    pull: 'construction',
    write: 'construction',
    transform: 'construction',
  });
});

test('methods of a stream called after start() is settled see the call', async () => {
  const streams = makeStreams();
  await new Promise(setImmediate);
  assert.deepEqual(await seenByMethods(streams), {
    pull: 'call',
    write: 'call',
    transform: 'call',
  });
});

test('methods of a stream that wait for an earlier call see the context of that call', async () => {
  const found = [];
  const stream = new WritableStream({
    write() {
      found.push(get());
    },
  });
  await new Promise(setImmediate);
  const writer = stream.getWriter();
  const written = ['one', 'two'].map((name) => variable.run(name, () => writer.write(1)));
  await Promise.all(written);
  assert.deepEqual(found, ['one', 'one']);
});

test('a chunk with a snapshot brings the context of its write()', async () => {
  const found = [];
  const stream = variable.run(
    'construction',
    () => new WritableStream({ write: ({ snapshot }) => snapshot.run(() => found.push(get())) }),
  );
  const writer = stream.getWriter();
  await Promise.all(
    ['one', 'two'].map((name) =>
      variable.run(name, () => writer.write({ snapshot: new Snapshot() })),
    ),
  );
  assert.deepEqual(found, ['one', 'two']);
});

test('unhandledRejection sees the context of the reject call where the engine can tell it', async () => {
  const found = await runProgram(async () => {
    const { Variable: V } = require('async-hooks-rs/async-context');
    const inProgram = new V({ defaultValue: 'default' });
    const seen = new Promise((resolve) => {
      process.on('unhandledRejection', () => resolve(inProgram.get()));
    });
    let settle;
    inProgram.run(
      'creation',
      () =>
        new Promise((_, reject) => {
          settle = reject;
        }),
    );
    inProgram.run('rejection', () => settle('reason'));
    return seen;
  });
  assert.equal(found, differs.rejectionSeenFromCreation ? 'creation' : 'rejection');
});

test('no global AsyncContext is defined or replaced', async () => {
  const same = await runProgram(async () => {
    const before = Object.getOwnPropertyDescriptor(globalThis, 'AsyncContext');
    const { Variable: V } = require('async-hooks-rs/async-context');
    new V().run(1, () => {});
    const after = Object.getOwnPropertyDescriptor(globalThis, 'AsyncContext');
    return before?.value === after?.value;
  });
  assert.equal(same, true);
});
