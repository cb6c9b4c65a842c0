'use strict';

// Uncaught exceptions: their handler sees the scope of the callback that threw, and the process
// goes on with every other scope intact. In processes of their own, because node:test has handlers
// for them.

const assert = require('node:assert/strict');
const { test } = require('node:test');
const { differs } = require('../helpers/engine.js');
const { runProgram } = require('../helpers/program.js');

/** Makes `source` throw in scope 'in'; returns the stores seen then and afterwards. */
function thrown(source) {
  return runProgram(
    async (code) => {
      const { AsyncLocalStorage, AsyncResource } = require('async-hooks-rs');
      const fs = require('node:fs');
      const storage = new AsyncLocalStorage();
      const turn = () => new Promise((resolve) => setImmediate(resolve));
      const fail = () => {
        throw new Error('expected');
      };
      const found = [];
      const begin = new Function('storage', 'AsyncResource', 'fs', 'fail', code);
      for (let i = 0; i < 2; i++) {
        const handled = new Promise((resolve) => {
          process.once('uncaughtException', (error) => {
            found.push(error.message, storage.getStore());
            resolve();
          });
        });
        const other = storage.run('other', async () => {
          await handled;
          await turn();
          found.push(storage.getStore());
        });
        setImmediate(() => storage.run('in', () => begin(storage, AsyncResource, fs, fail)));
        await handled;
        found.push(storage.getStore());
        await other;
        await new Promise((resolve) =>
          setTimeout(() => resolve(found.push(storage.getStore())), 1),
        );
      }
      return found;
    },
    { data: source },
  );
}

// `null` is what JSON makes of undefined.
const twice = (inHandler) => {
  const once = ['expected', inHandler, null, 'other', null];
  return [...once, ...once];
};

for (const [title, source] of Object.entries({
  'a timer': 'setTimeout(fail, 1)',
  'an immediate': 'setImmediate(fail)',
  'a tick': 'process.nextTick(fail)',
  'a callback of fs': 'fs.stat(".", fail)',
  'a timer among others': 'setTimeout(() => {}, 1); setTimeout(fail, 1); setTimeout(() => {}, 1)',
  'the scope of a resource': 'setTimeout(() => new AsyncResource("test").runInAsyncScope(fail), 1)',
  'a bound function': 'setTimeout(AsyncResource.bind(fail), 1)',
  'an EventTarget':
    'const t = new EventTarget(); t.addEventListener("e", fail); ' +
    't.dispatchEvent(new Event("e"))',
})) {
  test(`thrown by ${title}`, async () => {
    assert.deepEqual(await thrown(source), twice('in'));
  });
}

test('thrown by a microtask', async () => {
  assert.deepEqual(
    await thrown('queueMicrotask(fail)'),
    twice(differs.microtaskErrorSeenOutside ? null : 'in'),
  );
});

for (const [title, source] of Object.entries({
  'run() in a timer': 'setTimeout(() => storage.run("nested", fail), 1)',
  'nested run()': 'setTimeout(() => storage.run("a", () => storage.run("b", fail)), 1)',
  'run() in the scope of a resource':
    'const r = new AsyncResource("test"); ' +
    'setTimeout(() => r.runInAsyncScope(() => storage.run("nested", fail)), 1)',
  'a snapshot':
    'const s = storage.run("nested", () => storage.constructor.snapshot()); ' +
    'setTimeout(() => s(fail), 1)',
})) {
  test(`thrown out of ${title}: the handler is outside of it`, async () => {
    assert.deepEqual(await thrown(source), twice('in'));
  });
}

test('thrown after enterWith(): the handler sees what was entered', async () => {
  assert.deepEqual(
    await thrown('setTimeout(() => { storage.enterWith("entered"); fail(); }, 1)'),
    twice('entered'),
  );
});

test('thrown out of the outermost run()', async () => {
  assert.deepEqual(
    await thrown('setImmediate(() => storage.exit(() => storage.run("x", fail)))'),
    twice('in'),
  );
});

test('the handler may enter a scope: what it starts has it, nothing else does', async () => {
  const found = await runProgram(() => {
    const { AsyncLocalStorage } = require('async-hooks-rs');
    const storage = new AsyncLocalStorage();
    const stores = [];
    return new Promise((resolve) => {
      process.once('uncaughtException', () => {
        storage.run('handler', () => setImmediate(() => stores.push(storage.getStore())));
        setTimeout(() => {
          stores.push(storage.getStore());
          resolve(stores);
        }, 5);
      });
      storage.run('in', () =>
        setTimeout(() => {
          throw new Error('expected');
        }, 1),
      );
    });
  });
  assert.deepEqual(found, ['handler', 'in']);
});

test('hundreds of exceptions in turn leave nothing behind', async () => {
  const wrong = await runProgram(async () => {
    const { AsyncLocalStorage } = require('async-hooks-rs');
    const storage = new AsyncLocalStorage();
    const errors = [];
    let caught = 0;
    let enough;
    const all = new Promise((resolve) => {
      enough = resolve;
    });
    process.on('uncaughtException', (error) => {
      if (storage.getStore() !== error.id) errors.push([error.id, storage.getStore()]);
      if (++caught === 300) enough();
    });
    const fail = (id) => () =>
      storage.run('nested', () => {
        throw Object.assign(new Error('expected'), { id });
      });
    for (let id = 0; id < 100; id++) {
      storage.run(id, () => {
        setTimeout(fail(id), 1);
        setImmediate(fail(id));
        process.nextTick(fail(id));
      });
    }
    await all;
    if (storage.getStore() !== undefined) errors.push(storage.getStore());
    return errors;
  });
  assert.deepEqual(wrong, []);
});

test('domain: its error handler sees the scope of the timer that threw', async () => {
  const found = await runProgram(async () => {
    const { AsyncLocalStorage } = require('async-hooks-rs');
    const domain = require('node:domain').create();
    const storage = new AsyncLocalStorage();
    const stores = [];
    await new Promise((resolve) => {
      domain.on('error', () => resolve(stores.push(storage.getStore())));
      storage.run('in', () =>
        domain.run(async () => {
          await null;
          stores.push(storage.getStore());
          setTimeout(() => {
            stores.push(storage.getStore());
            throw new Error('expected');
          }, 1);
        }),
      );
    });
    stores.push(storage.getStore());
    return stores;
  });
  assert.deepEqual(found, ['in', 'in', 'in', null]);
});
