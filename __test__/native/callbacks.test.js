'use strict';

// The addon's way back into JavaScript: a callback called from a Rust thread runs in the scope in
// which it was handed over, and leaves no trace of it.

const assert = require('node:assert/strict');
const { once } = require('node:events');
const { Worker } = require('node:worker_threads');
const { engine } = require('../../index.js');
const { nativeCallbacks } = require('../../lib/engine/native-callbacks.js');
const { suite } = require('../helpers/suite.js');
const { storage, seen, carries } = require('../helpers/carries.js');
const { runProgram } = require('../helpers/program.js');

const register = suite(__filename);
const { native: { loaded, reason } } = engine();
const callbacks = nativeCallbacks();
const entry = JSON.stringify(require.resolve('../../index.js'));
const native = JSON.stringify(require.resolve('../../lib/engine/native-callbacks.js'));

// Without the addon there is nothing to test: one message instead of one per test.
if (!loaded) register(`skipped: ${reason}`, () => {});
const test = loaded ? register : () => {};

const called = (fn = seen) => new Promise((resolve) => {
  callbacks.callFromThread(() => resolve(fn()));
});

carries(test, 'a callback', (report) => { callbacks.callFromThread(report); });

carries(test, 'what a callback starts in turn', (report) => {
  callbacks.callFromThread(async () => {
    report();
    await null;
    report();
    setTimeout(report, 1);
    process.nextTick(report);
    callbacks.callFromThread(report);
    await new Promise((resolve) => setImmediate(resolve));
    report();
  });
}, { times: 6 });

carries(test, 'a promise that a callback resolves', async (report) => {
  await called();
  report();
  await new Promise((resolve) => {
    storage.run('elsewhere', () => callbacks.callFromThread(resolve));
  });
  report();
}, { times: 2 });

test('many outstanding callbacks keep their own scopes', async () => {
  const found = await Promise.all(Array.from({ length: 200 }, (_, i) =>
    (i % 10 === 0 ? called() : storage.run(i, () => called()))));
  assert.deepEqual(found, Array.from({ length: 200 }, (_, i) => (i % 10 === 0 ? undefined : i)));
  assert.equal(seen(), undefined);
});

test('a callback is never called at once', async () => {
  let inside = true;
  const late = called(() => inside);
  inside = false;
  assert.equal(await late, false);
});

test('a callback has every storage', async () => {
  const others = Array.from({ length: 30 }, () => new storage.constructor());
  const all = () => others.map((other) => other.getStore());
  const enter = (i) => (i === others.length ? called(all) : others[i].run(i, () => enter(i + 1)));
  assert.deepEqual(await enter(0), others.map((_, i) => i));
});

test('a nested scope in a callback ends with it', async () => {
  const found = await storage.run('in', () => called(() => {
    const stores = [seen()];
    storage.run('nested', () => stores.push(seen()));
    stores.push(seen());
    return stores;
  }));
  assert.deepEqual(found, ['in', 'nested', 'in']);
});

test('the next callback does not see a store entered by this one', async () => {
  const found = [];
  await storage.run('in', () => called(() => {
    storage.enterWith('entered');
    found.push(seen());
  }));
  found.push(await called());
  found.push(await storage.run('other', () => called()));
  assert.deepEqual(found, ['entered', undefined, 'other']);
});

test('a callback may open and leave scopes in other resources', async () => {
  const { AsyncResource } = require('../../index.js');
  const resource = storage.run('resource', () => new AsyncResource('test'));
  const snapshot = storage.run('snapshot', () => storage.constructor.snapshot());
  const found = await storage.run('in', () => called(() => [
    resource.runInAsyncScope(seen), snapshot(seen), seen(),
    resource.runInAsyncScope(() => {
      storage.enterWith('entered');
      return seen();
    }), seen(),
  ]));
  assert.deepEqual(found, ['resource', 'snapshot', 'in', 'entered', 'in']);
  assert.equal(await called(), undefined);
});

test('disable() reaches an outstanding callback', async () => {
  const other = new storage.constructor();
  const late = other.run('in', () => called(() => other.getStore()));
  other.disable();
  assert.equal(await late, undefined);
});

test('a callback may be handed over from a callback that ends at once', async () => {
  const found = await new Promise((resolve) => {
    storage.run('timer', () => setTimeout(() => {
      storage.run('nested', () => callbacks.callFromThread(() => resolve(seen())));
    }, 1));
  });
  assert.equal(found, 'nested');
});

test('the handler of a callback that throws sees its scope, and nothing stays', async () => {
  const found = await runProgram(async (path) => {
    const { AsyncLocalStorage } = require('async-hooks-rs');
    const own = require(path).nativeCallbacks();
    const inner = new AsyncLocalStorage();
    const stores = [];
    for (let i = 0; i < 3; i++) {
      const caught = new Promise((resolve) => process.once('uncaughtException', (error) => {
        stores.push(error.message, inner.getStore());
        resolve();
      }));
      inner.run('in', () => own.callFromThread(() => {
        inner.run('nested', () => stores.push(inner.getStore()));
        throw new Error('expected');
      }));
      await caught;
      stores.push(inner.getStore());
      stores.push(await new Promise((resolve) => {
        own.callFromThread(() => resolve(inner.getStore()));
      }));
    }
    return stores;
  }, { data: JSON.parse(native) });
  const each = ['nested', 'expected', 'in', null, null];
  assert.deepEqual(found, [...each, ...each, ...each]);
});

test('a callback that throws among many does not affect the other scopes', async () => {
  const result = await runProgram(async (path) => {
    const { AsyncLocalStorage } = require('async-hooks-rs');
    const own = require(path).nativeCallbacks();
    const inner = new AsyncLocalStorage();
    const wrong = [];
    let errors = 0;
    let left = 100;
    await new Promise((resolve) => {
      const done = () => { if (--left === 0) resolve(); };
      process.on('uncaughtException', () => {
        errors++;
        done();
      });
      for (let i = 0; i < 100; i++) {
        inner.run(i, () => own.callFromThread(() => {
          if (inner.getStore() !== i) wrong.push([i, inner.getStore()]);
          if (i % 3 === 0) inner.run('nested', () => { throw new Error('expected'); });
          done();
        }));
      }
    });
    return { wrong, errors, after: inner.getStore() ?? 'none' };
  }, { data: JSON.parse(native) });
  assert.deepEqual(result, { wrong: [], errors: 34, after: 'none' });
});

test('a callback keeps the process alive until it has run', async () => {
  const found = await runProgram((path) => {
    const { AsyncLocalStorage } = require('async-hooks-rs');
    const inner = new AsyncLocalStorage();
    const stores = [];
    inner.run('in', () => require(path).nativeCallbacks().callFromThread(() => {
      stores.push(inner.getStore());
    }));
    return stores;
  }, { data: JSON.parse(native) });
  assert.deepEqual(found, ['in']);
});

test('the addon works as the first use in a program, outside every scope', async () => {
  const found = await runProgram(async (path) => {
    const { AsyncLocalStorage } = require('async-hooks-rs');
    const own = require(path).nativeCallbacks();
    const inner = new AsyncLocalStorage();
    const first = await new Promise((resolve) => {
      own.callFromThread(() => resolve(inner.getStore()));
    });
    return [first, await inner.run('in', () => new Promise((resolve) => {
      own.callFromThread(() => resolve(inner.getStore()));
    }))];
  }, { data: JSON.parse(native) });
  assert.deepEqual(found, [null, 'in']);
});

const workerSource = `
  const { parentPort, threadId } = require('node:worker_threads');
  const { AsyncLocalStorage } = require(${entry});
  const callbacks = require(${native}).nativeCallbacks();
  const storage = new AsyncLocalStorage();
  const found = new Set();
  for (let i = 0; i < 50; i++) {
    storage.run(threadId, () => callbacks.callFromThread(() => {
      found.add(storage.getStore() === threadId);
      if (++count === 50) parentPort.postMessage([...found]);
    }));
  }
  let count = 0;
`;

test('callbacks work in several Workers and the main thread at once', async () => {
  const workers = Array.from({ length: 4 }, () => new Worker(workerSource, { eval: true }));
  const ended = workers.map((worker) =>
    Promise.all([once(worker, 'message'), once(worker, 'exit')]));
  const own = await Promise.all(Array.from({ length: 50 }, (_, i) =>
    storage.run(i, () => called())));
  assert.deepEqual(own, Array.from({ length: 50 }, (_, i) => i));
  for (const [[found], [code]] of await Promise.all(ended)) {
    assert.deepEqual([found, code], [[true], 0]);
  }
});

test('a Worker may end while its callbacks are outstanding', async () => {
  const endings = ['process.exit(0)', 'throw new Error("expected")',
    'setInterval(() => {}, 1000); parentPort.postMessage("terminate me")'];
  const codes = await Promise.all(endings.map(async (ending) => {
    const worker = new Worker(`${workerSource}
      for (let i = 0; i < 200; i++) callbacks.callFromThread(() => {});
      ${ending};`, { eval: true });
    worker.on('error', () => {});
    const exit = new Promise((resolve) => worker.on('exit', resolve));
    worker.on('message', () => worker.terminate());
    return exit;
  }));
  assert.deepEqual(codes, [0, 1, 1]);
  assert.equal(await storage.run('in', () => called()), 'in');
});
