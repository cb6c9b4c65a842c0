'use strict';

// The built-in AsyncLocalStorage in the same process: neither side affects the other.

const assert = require('node:assert/strict');
const { test } = require('node:test');
const { differs } = require('../helpers/engine.js');
const { runProgram } = require('../helpers/program.js');

/** Runs `body(tools)` in a program; the storages `ours` and `theirs` are unused before. */
function withBoth(body, options) {
  return runProgram(
    `async (data) => {
    const asyncHooks = require('node:async_hooks');
    const { AsyncLocalStorage, AsyncResource } = require('async-hooks-rs');
    const ours = new AsyncLocalStorage();
    const theirs = new asyncHooks.AsyncLocalStorage();
    const turn = () => new Promise((resolve) => setTimeout(resolve, 1));
    const both = () => (ours.getStore() ?? '-') + '/' + (theirs.getStore() ?? '-');
    return (${body})({
      ours, theirs, both, turn, asyncHooks, AsyncLocalStorage, AsyncResource, data,
    });
  }`,
    options,
  );
}

test('scopes nested both ways keep their stores through awaits and timers', async () => {
  const found = await withBoth(async ({ ours, theirs, both, turn }) => {
    const stores = [];
    const journey = async () => {
      stores.push(both());
      await null;
      stores.push(both());
      await turn();
      stores.push(both());
      await new Promise((resolve) => process.nextTick(resolve));
      await {
        then(resolve) {
          stores.push(both());
          resolve();
        },
      };
      stores.push(both());
    };
    await ours.run(1, () => theirs.run(2, journey));
    await theirs.run(2, () => ours.run(1, journey));
    await ours.run(0, () => theirs.run(2, () => ours.run(1, journey)));
    await theirs.run(0, () => ours.run(1, () => theirs.run(2, journey)));
    stores.push(both());
    return stores;
  });
  assert.deepEqual(found, [...Array(20).fill('1/2'), '-/-']);
});

test('a scope of one side is left and restored inside a scope of the other', async () => {
  const found = await withBoth(async ({ ours, theirs, both, turn }) => {
    const stores = [];
    const look = () => stores.push(both());
    await ours.run(1, async () => {
      await theirs.run(2, async () => {
        await ours.run(3, async () => {
          await turn();
          look();
        });
        look();
      });
      look();
      theirs.run(4, () => {
        ours.exit(look);
        theirs.exit(look);
        look();
      });
      look();
    });
    look();
    return stores;
  });
  assert.deepEqual(found, ['3/2', '1/2', '1/-', '-/4', '1/-', '1/4', '1/-', '-/-']);
});

test('enterWith() of both sides works', async () => {
  const found = await withBoth(async ({ ours, theirs, both, turn }) => {
    const stores = [];
    const look = () => stores.push(both());
    await ours.run(1, () =>
      theirs.run(2, async () => {
        theirs.enterWith(4);
        look();
        ours.enterWith(3);
        look();
        await turn();
        look();
        theirs.enterWith(6);
        ours.enterWith(5);
        await null;
        look();
        setImmediate(() => {
          look();
          ours.enterWith(7);
          look();
        });
        await turn();
        await turn();
        look();
      }),
    );
    look();
    return stores;
  });
  assert.deepEqual(found, ['1/4', '3/4', '3/4', '5/6', '5/6', '7/6', '5/6', '-/-']);
});

test('enterWith() of one persists in run() of the other, its own run() takes it back', async () => {
  const found = await withBoth(({ ours, theirs, both }) => {
    const stores = [];
    ours.run(1, () => {
      theirs.run(2, () => ours.enterWith(3));
      stores.push(both());
    });
    stores.push(both());
    theirs.run(4, () => {
      ours.run(5, () => theirs.enterWith(6));
      stores.push(both());
    });
    stores.push(both());
    return stores;
  });
  assert.deepEqual(found, ['3/-', '-/-', '-/6', '-/-']);
});

test('exceptions through the scopes of both', async () => {
  const found = await withBoth(async ({ ours, theirs, both, turn }) => {
    const stores = [];
    const fail = () => {
      throw new Error('expected');
    };
    for (const [outer, inner] of [
      [ours, theirs],
      [theirs, ours],
    ]) {
      outer.run('x', () => {
        try {
          inner.run('y', () => outer.run('z', fail));
        } catch {
          stores.push(both());
        }
      });
      await outer
        .run('x', () =>
          inner.run('y', async () => {
            await turn();
            fail();
          }),
        )
        .catch(() => stores.push(both()));
      const handled = new Promise((resolve) =>
        process.once('uncaughtException', () => {
          stores.push(both());
          resolve();
        }),
      );
      setTimeout(() => outer.run('x', () => inner.run('y', () => setTimeout(fail, 1))), 1);
      await handled;
      stores.push(both());
    }
    return stores;
  });
  assert.deepEqual(found, ['x/-', '-/-', 'x/y', '-/-', '-/x', '-/-', 'y/x', '-/-']);
});

test('disable() of one does not end the other', async () => {
  const found = await withBoth(async ({ ours, theirs, both, turn }) => {
    const stores = [];
    await ours.run(1, () =>
      theirs.run(2, async () => {
        theirs.disable();
        stores.push(both());
        await turn();
        stores.push(both());
        await theirs.run(3, async () => {
          ours.disable();
          stores.push(both());
          await turn();
          stores.push(both());
        });
      }),
    );
    return stores;
  });
  assert.deepEqual(found, ['1/-', '1/-', '-/3', '-/3']);
});

test('snapshot() and bind() of one side work in the scopes of the other', async () => {
  const found = await withBoth(({ ours, theirs, both, asyncHooks, AsyncLocalStorage }) => {
    const take = (fn) => ours.run(1, () => theirs.run(2, fn));
    const calls = {
      ourBind: take(() => AsyncLocalStorage.bind(both)),
      theirBind: take(() => asyncHooks.AsyncLocalStorage.bind(both)),
      theirSnapshot: take(() => asyncHooks.AsyncLocalStorage.snapshot()),
      ourSnapshot: take(() => AsyncLocalStorage.snapshot()),
    };
    const results = {};
    for (const [name, call] of Object.entries(calls)) {
      results[name] = [call(both), ours.run(8, () => theirs.run(9, () => call(both)))];
    }
    return { ...results, after: both() };
  });
  assert.deepEqual(found, {
    ourBind: ['1/2', '1/2'],
    theirBind: ['1/2', '1/2'],
    theirSnapshot: ['1/2', '1/2'],
    ourSnapshot: differs.snapshotIsOursOnly ? ['1/-', '1/9'] : ['1/2', '1/2'],
    after: '-/-',
  });
});

test('an AsyncResource of either side carries both', async () => {
  const found = await withBoth(({ ours, theirs, both, asyncHooks, AsyncResource }) => {
    const stores = [];
    for (const Resource of [AsyncResource, asyncHooks.AsyncResource]) {
      const resource = ours.run(1, () => theirs.run(2, () => new Resource('TEST')));
      stores.push(resource.runInAsyncScope(both));
      ours.run(3, () =>
        theirs.run(4, () => {
          stores.push(resource.runInAsyncScope(both));
          resource.runInAsyncScope(() => {
            ours.enterWith(5);
            ours.run(6, () => theirs.run(7, () => stores.push(both())));
            stores.push(both());
          });
          stores.push(both());
        }),
      );
    }
    stores.push(both());
    return stores;
  });
  const each = ['1/2', '1/2', '6/7', '5/2', '3/4'];
  assert.deepEqual(found, [...each, ...each, '-/-']);
});

test('alternating in a loop does not grow the heap', async () => {
  const grown = await withBoth(
    ({ ours, theirs, AsyncLocalStorage }) => {
      const others = [new AsyncLocalStorage(), new AsyncLocalStorage()];
      const measure = (step) => {
        for (let i = 0; i < 1000; i++) step(i); // one-time allocations
        global.gc();
        const before = process.memoryUsage().heapUsed;
        for (let i = 0; i < 20_000; i++) step(i);
        global.gc();
        return process.memoryUsage().heapUsed - before;
      };
      return new Promise((resolve) =>
        setImmediate(() =>
          resolve({
            both: measure((i) => {
              ours.enterWith({ i });
              theirs.enterWith({ i });
            }),
            runs: measure((i) =>
              ours.run({ i }, () => theirs.run({ i }, () => ours.enterWith({ i }))),
            ),
            three: measure((i) => {
              ours.enterWith({ i });
              others[0].enterWith({ i });
              theirs.enterWith({ i });
              others[1].enterWith({ i });
            }),
          }),
        ),
      );
    },
    { args: ['--expose-gc'] },
  );
  // 20,000 stores and frames would be megabytes.
  for (const [name, bytes] of Object.entries(grown)) {
    assert.ok(bytes < 1_000_000, `${name}: ${bytes}`);
  }
});
