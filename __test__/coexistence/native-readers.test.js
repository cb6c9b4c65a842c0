'use strict';

// Native code that reads V8's slot (profilers, watchdogs) finds a Map there: with the stores of
// Node's class always, and with ours once such an addon is loaded in the thread. A file that
// contains the name of V8's accessor stands for the addon; the real addons are in
// __test__/ecosystem.

const assert = require('node:assert/strict');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { after, before, test } = require('node:test');
const { name } = require('../helpers/engine.js');
const { runProgram } = require('../helpers/program.js');

const only = { skip: name !== 'frame' && 'native code reads nothing here' };
const MARK = '_ZN2v87Isolate36GetContinuationPreservedEmbedderDataEv';
const args = ['--expose-internals'];

let folder;
const files = {};

before(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'async-hooks-rs-'));
  const write = (file, text) => {
    files[file] = path.join(folder, `${file}.node`);
    fs.writeFileSync(files[file], text);
  };
  write('reader', `\0\0${MARK}\0`);
  write('record', '\0otel_thread_ctx_nodejs_v1\0');
  write('other', '\0napi_create_object\0');
  write('ours', `\0async-hooks-rs:WorkerPool\0${MARK}\0`);
  write('large', MARK);
  fs.truncateSync(files.large, 5 * 1024 * 1024);
  files.missing = path.join(folder, 'missing.node');
});

after(() => fs.rmSync(folder, { recursive: true, force: true }));

const inNewProcess = (program, { env = {}, data } = {}) =>
  runProgram(program, {
    args,
    data: { files, ...data },
    env: { ASYNC_HOOKS_RS_NATIVE_READERS: '', ...env },
  });

test("native code finds a store of Node's class inside our run()", only, async () => {
  const found = await inNewProcess(async () => {
    const { AsyncLocalStorage } = require('async-hooks-rs');
    const { nativeStore } = require('./__test__/fixtures/native-view.js');
    const agent = new (require('node:async_hooks').AsyncLocalStorage)();
    const app = new AsyncLocalStorage();
    const seen = [];
    await agent.run('agent', () =>
      app.run('app', async () => {
        seen.push(nativeStore(agent));
        await null;
        seen.push(nativeStore(agent));
        app.enterWith('other');
        seen.push(nativeStore(agent));
        app.withScope('scope').dispose();
        seen.push(nativeStore(agent));
      }),
    );
    return seen;
  });
  assert.deepEqual(found, Array(4).fill('agent'));
});

/** Whether native code sees our store after `load(file)`, at three points of time. */
function visibleAfter(load, file, env) {
  return inNewProcess(
    `async (data) => {
    const { AsyncLocalStorage } = require('async-hooks-rs');
    const { nativeStore } = require('./__test__/fixtures/native-view.js');
    const load = ${load};
    const storage = new AsyncLocalStorage();
    const visible = () => storage.run('store', () => nativeStore(storage) === 'store');
    return load(data.files[data.file], visible);
  }`,
    { env, data: { file } },
  );
}

// Files that only look like addons cannot be loaded; these are the two ways to notice them.
const beforeTheFirstScope = (file, visible) => {
  require('node:module')._cache[file] = {};
  return visible();
};
const afterTheFirstScope = (file, visible) => {
  process.dlopen = () => {};
  const first = visible();
  process.dlopen({}, file);
  return !first && visible();
};

for (const load of [beforeTheFirstScope, afterTheFirstScope]) {
  const when = load === beforeTheFirstScope ? 'before' : 'after';
  for (const file of ['reader', 'record']) {
    test(`a ${file} loaded ${when} the first scope counts as a reader`, only, async () => {
      assert.equal(await visibleAfter(load, file), true);
    });
  }
  for (const file of ['other', 'ours', 'large', 'missing']) {
    test(`a ${file} loaded ${when} the first scope is not a reader`, only, async () => {
      assert.equal(await visibleAfter(load, file), false);
    });
  }
}

test('ASYNC_HOOKS_RS_NATIVE_READERS overrides the search', only, async () => {
  const variable = 'ASYNC_HOOKS_RS_NATIVE_READERS';
  const nothing = (file, visible) => visible();
  assert.equal(await visibleAfter(nothing, 'other', { [variable]: '1' }), true);
  assert.equal(await visibleAfter(beforeTheFirstScope, 'reader', { [variable]: '0' }), false);
  assert.equal(await visibleAfter(afterTheFirstScope, 'reader', { [variable]: '0' }), false);
});

test('the package installs nothing before the first scope', only, async () => {
  const found = await inNewProcess(({ files: { reader, other } }) => {
    const own = () => {
      throw new Error('no addon');
    };
    const real = process.dlopen;
    const seen = [];
    const { AsyncLocalStorage } = require('async-hooks-rs');
    const storage = new AsyncLocalStorage();
    storage.getStore();
    seen.push(process.dlopen === real);
    process.dlopen = own;
    storage.run(1, () => {});
    seen.push(process.dlopen === own, process.dlopen.name);
    for (const file of [other, reader]) {
      try {
        process.dlopen({}, file);
      } catch (error) {
        seen.push(error.message, process.dlopen === own);
      }
    }
    return seen;
  });
  // An addon that could not be loaded reads nothing, whatever its kind.
  assert.deepEqual(found, [true, false, 'dlopen', 'no addon', false, 'no addon', false]);
});

test('dlopen is restored once a reader is loaded', only, async () => {
  const found = await inNewProcess(({ files: { reader } }) => {
    const own = (...values) => values.length;
    process.dlopen = own;
    const { AsyncLocalStorage } = require('async-hooks-rs');
    new AsyncLocalStorage().run(1, () => {});
    return [process.dlopen({}, reader, 1), process.dlopen === own];
  });
  assert.deepEqual(found, [3, true]);
});

test(
  'register notices an addon loaded before the first scope and not by require()',
  only,
  async () => {
    const found = await inNewProcess(({ files: { reader } }) => {
      process.dlopen = () => {};
      require('./register.js');
      process.dlopen({}, reader);
      const { nativeStore } = require('./__test__/fixtures/native-view.js');
      const storage = new (require('node:async_hooks').AsyncLocalStorage)();
      return storage.run('store', () => nativeStore(storage));
    });
    assert.equal(found, 'store');
  },
);

test('a process object that cannot be changed is no obstacle', only, async () => {
  const found = await inNewProcess(() => {
    Object.defineProperty(process, 'dlopen', { writable: false, configurable: false });
    const { AsyncLocalStorage } = require('async-hooks-rs');
    const storage = new AsyncLocalStorage();
    return storage.run('store', () => storage.getStore());
  });
  assert.equal(found, 'store');
});

test('each thread has its own readers', only, async () => {
  const found = await inNewProcess(async ({ files: { reader } }) => {
    const { Worker } = require('node:worker_threads');
    const { once } = require('node:events');
    const source = `
      const { AsyncLocalStorage } = require('async-hooks-rs');
      const { nativeStore } = require('./__test__/fixtures/native-view.js');
      const storage = new AsyncLocalStorage();
      const look = () => storage.run('store', () => String(nativeStore(storage)));
    `;
    require('node:module')._cache[reader] = {};
    const main = new Function('require', `${source} return look();`)(require);
    const worker = new Worker(
      `${source} require('node:worker_threads').parentPort.postMessage(look());`,
      { eval: true },
    );
    const [inWorker] = await once(worker, 'message');
    return [main, inWorker];
  });
  assert.deepEqual(found, ['store', 'undefined']);
});

test('the Map has an entry for each visible storage', only, async () => {
  const found = await inNewProcess(
    () => {
      const { AsyncLocalStorage } = require('async-hooks-rs');
      const { Variable } = require('async-hooks-rs/async-context');
      const { isMap } = require('node:util').types;
      const Slot = require('internal/async_context_frame');
      const [one, two] = [new AsyncLocalStorage(), new AsyncLocalStorage()];
      const variable = new Variable();
      const entries = () =>
        [...Map.prototype.entries.call(Slot.current())]
          .map(([key, value]) => (typeof key === 'symbol' ? 'list' : `${value}`))
          .sort()
          .join();
      const seen = [isMap(Slot.current())];
      one.run(1, () => {
        seen.push(entries());
        two.run(2, () => seen.push(entries()));
        variable.run(3, () => seen.push(entries()));
        one.exit(() => seen.push(entries()));
        two.enterWith(4);
        one.disable();
        seen.push(entries(), `${one.getStore()}`);
      });
      seen.push(entries());
      two.disable();
      one.run(5, () => seen.push(entries()));
      return seen;
    },
    { env: { ASYNC_HOOKS_RS_NATIVE_READERS: '1' } },
  );
  assert.deepEqual(found, [
    false,
    '1,list',
    '1,2,list',
    '1,list',
    'list,undefined',
    '4,list',
    'undefined',
    '4,list',
    '5,list',
  ]);
});

test('methods that the program adds to Map.prototype do not run here', only, async () => {
  const calls = await inNewProcess(
    () => {
      const { AsyncLocalStorage } = require('async-hooks-rs');
      const agent = new (require('node:async_hooks').AsyncLocalStorage)();
      const app = new AsyncLocalStorage();
      const seen = [];
      for (const key of Reflect.ownKeys(Map.prototype)) {
        const { value, get } = Object.getOwnPropertyDescriptor(Map.prototype, key);
        if (key === 'constructor' || (value ?? get) === undefined) continue;
        if (typeof value === 'string') continue;
        const patched = function (...values) {
          seen.push(String(key));
          return Reflect.apply(value ?? get, this, values);
        };
        Object.defineProperty(Map.prototype, key, get ? { get: patched } : { value: patched });
      }
      agent.run(1, () =>
        app.run(2, () => {
          agent.run(3, () => app.run(4, () => app.getStore() + agent.getStore()));
          agent.enterWith(5);
          app.enterWith(6);
          agent.disable();
          app.disable();
        }),
      );
      return seen;
    },
    { env: { ASYNC_HOOKS_RS_NATIVE_READERS: '1' } },
  );
  assert.deepEqual(calls, []);
});
