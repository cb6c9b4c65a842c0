'use strict';

// Timers, immediates, ticks and microtasks run in the scope they were scheduled in.

const assert = require('node:assert/strict');
const timers = require('node:timers/promises');
const { differs } = require('../helpers/engine.js');
const { suite } = require('../helpers/suite.js');
const { storage, seen, carries } = require('../helpers/carries.js');

const test = suite(__filename);

carries(test, 'setTimeout', (report) => {
  setTimeout(report, 1);
});
carries(test, 'setImmediate', (report) => {
  setImmediate(report);
});
carries(test, 'process.nextTick', (report) => {
  process.nextTick(report);
});
carries(test, 'queueMicrotask', (report) => {
  queueMicrotask(report);
});

carries(
  test,
  'setInterval, every firing',
  (report) => {
    let count = 0;
    const timer = setInterval(() => {
      report();
      if (++count === 3) clearInterval(timer);
    }, 1);
  },
  { times: 3 },
);

carries(test, 'a timer that is refreshed elsewhere', (report) => {
  const timer = setTimeout(report, 1);
  storage.run('refresher', () => timer.refresh());
});

carries(test, 'what a callback schedules in turn', (report) => {
  setTimeout(
    () =>
      setImmediate(() =>
        process.nextTick(() =>
          queueMicrotask(() => {
            Promise.resolve().then(() => setTimeout(report, 1));
          }),
        ),
      ),
    1,
  );
});

carries(
  test,
  'ticks and microtasks scheduled by each other',
  (report) => {
    queueMicrotask(() => {
      process.nextTick(() => queueMicrotask(report));
      report();
    });
    process.nextTick(() => queueMicrotask(() => process.nextTick(report)));
  },
  { times: 3 },
);

carries(test, 'timers/promises setTimeout', async (report) => {
  await timers.setTimeout(1);
  report();
});

carries(test, 'timers/promises setImmediate', async (report) => {
  await timers.setImmediate();
  report();
});

carries(
  test,
  'timers/promises scheduler.wait and scheduler.yield',
  async (report) => {
    await timers.scheduler.wait(1);
    report();
    await timers.scheduler.yield();
    report();
  },
  { times: 2 },
);

carries(
  test,
  'timers/promises setInterval',
  async (report) => {
    let count = 0;
    // oxlint-disable-next-line no-unused-vars
    for await (const _ of timers.setInterval(1)) {
      report();
      if (++count === 3) break;
    }
    report();
  },
  { times: 4 },
);

carries(test, 'an aborted timer of timers/promises', async (report) => {
  const controller = new AbortController();
  const waiting = timers.setTimeout(60_000, undefined, { signal: controller.signal });
  setImmediate(() => storage.run('aborter', () => controller.abort()));
  await assert.rejects(waiting, { name: 'AbortError' });
  report();
});

test('the next firing of an interval does not see a store entered by this one', async () => {
  const stores = await storage.run(
    'in',
    () =>
      new Promise((resolve) => {
        const found = [];
        const timer = setInterval(() => {
          found.push(seen());
          storage.enterWith(`entered by ${found.length}`);
          if (found.length < 3) return;
          clearInterval(timer);
          resolve(found);
        }, 1);
      }),
  );
  assert.deepEqual(
    stores,
    differs.enterWithSticksToResource ? ['in', 'entered by 1', 'entered by 2'] : ['in', 'in', 'in'],
  );
});

test('the next callback of the same kind does not see a store entered by this one', async () => {
  const stores = await new Promise((resolve) => {
    const found = [];
    const first = () => {
      found.push(seen());
      storage.enterWith('first');
    };
    const second = () => found.push(seen());
    const kinds = [
      (callback) => setTimeout(callback, 1),
      setImmediate,
      process.nextTick,
      queueMicrotask,
    ];
    for (const schedule of kinds) {
      schedule(first);
      schedule(second);
    }
    // Later than every callback above: an immediate after a timer of the same length.
    setTimeout(() => setImmediate(resolve, found), 2);
  });
  assert.deepEqual(stores, Array(8).fill(undefined));
});

test('a callback continues with the store that it entered', async () => {
  const stores = await storage.run(
    'in',
    () =>
      new Promise((resolve) => {
        setTimeout(async () => {
          const found = [seen()];
          storage.enterWith('entered');
          found.push(seen());
          await null;
          found.push(seen());
          process.nextTick(() => found.push(seen()));
          await timers.setTimeout(1);
          found.push(seen());
          resolve(found);
        }, 1);
      }),
  );
  assert.deepEqual(stores, ['in', 'entered', 'entered', 'entered', 'entered']);
});

test('the callbacks of timers of one duration keep their own scopes', async () => {
  // Node runs all of them from one list in one go.
  const found = [];
  await Promise.all(
    Array.from({ length: 50 }, (_, i) =>
      storage.run(
        i,
        () => new Promise((resolve) => setTimeout(() => resolve(found.push(seen())), 1)),
      ),
    ),
  );
  assert.deepEqual(
    found,
    Array.from({ length: 50 }, (_, i) => i),
  );
});

test('a callback that ends in a nested scope leaves nothing behind', async () => {
  const found = [];
  await new Promise((resolve) => {
    storage.run('a', () => setTimeout(() => storage.run('b', () => found.push(seen())), 1));
    storage.run('c', () => setTimeout(() => found.push(seen()), 1));
    setTimeout(() => resolve(found.push(seen())), 1);
  });
  assert.deepEqual(found, ['b', 'c', undefined]);
});
