'use strict';

// Unhandled rejections, and the handlers that Node calls for them. In processes of their own,
// because node:test has handlers for them.

const assert = require('node:assert/strict');
const { test } = require('node:test');
const { differs } = require('../helpers/engine.js');
const { runProgram } = require('../helpers/program.js');

test('unhandledRejection: the scope in which the promise was rejected', async () => {
  const found = await runProgram(async () => {
    const { AsyncLocalStorage } = require('async-hooks-rs');
    const storage = new AsyncLocalStorage();
    const turn = () => new Promise((resolve) => setImmediate(resolve));
    const stores = {};
    process.on('unhandledRejection', (reason) => {
      stores[reason] = storage.getStore();
    });
    storage.run('in', () => {
      Promise.reject('sync');
      (async () => {
        await null;
        throw 'async';
      })();
      (async () => {
        await turn();
        throw 'later';
      })();
      Promise.resolve().then(() => {
        throw 'then';
      });
      new Promise(() => {
        throw 'executor';
      });
    });
    let reject;
    storage.run(
      'creator',
      () =>
        new Promise((_, settle) => {
          reject = settle;
        }),
    );
    storage.run('rejecter', () => reject('elsewhere'));
    await turn();
    await turn();
    stores.after = storage.getStore() ?? 'none';
    return stores;
  });
  const rejecter = differs.rejectionSeenFromCreation ? 'creator' : 'rejecter';
  assert.deepEqual(found, {
    sync: 'in',
    async: 'in',
    later: 'in',
    then: 'in',
    executor: 'in',
    elsewhere: rejecter,
    after: 'none',
  });
});

test('a rejection that becomes an uncaughtException', async () => {
  const found = await runProgram(async () => {
    const { AsyncLocalStorage } = require('async-hooks-rs');
    const storage = new AsyncLocalStorage();
    const turn = () => new Promise((resolve) => setImmediate(resolve));
    const stores = [];
    process.on('uncaughtException', (error) => stores.push(error.message, storage.getStore()));
    storage.run('in', () => {
      Promise.reject(new Error('expected'));
    });
    await turn();
    storage.run('in', async () => {
      await turn();
      throw new Error('expected');
    });
    await turn();
    await turn();
    stores.push(storage.getStore());
    return stores;
  });
  assert.deepEqual(found, ['expected', 'in', 'expected', 'in', null]);
});

test('a store entered by a handler of unhandledRejection does not leak', async () => {
  const found = await runProgram(async () => {
    const { AsyncLocalStorage } = require('async-hooks-rs');
    const storage = new AsyncLocalStorage();
    const stores = [];
    const handled = new Promise((resolve) => {
      process.on('unhandledRejection', (reason) => {
        stores.push(storage.getStore());
        storage.enterWith(`entered for ${reason}`);
        setImmediate(() => {
          stores.push(storage.getStore());
          if (stores.length === 4) resolve();
        });
      });
    });
    for (const id of ['a', 'b']) {
      storage.run(id, () => {
        Promise.reject(id);
      });
    }
    await handled;
    stores.push(storage.getStore());
    return stores;
  });
  assert.deepEqual(found, ['a', 'b', 'entered for a', 'entered for b', null]);
});

test('a handler of unhandledRejection that throws', async () => {
  const found = await runProgram(async () => {
    const { AsyncLocalStorage } = require('async-hooks-rs');
    const storage = new AsyncLocalStorage();
    const turn = () => new Promise((resolve) => setImmediate(resolve));
    const stores = [];
    process.once('unhandledRejection', () => {
      throw new Error('handler');
    });
    process.on('uncaughtException', (error) => stores.push(error.message));
    storage.run('in', () => {
      Promise.reject(new Error('expected'));
    });
    await turn();
    stores.push(storage.getStore());
    await new Promise((resolve) => setTimeout(resolve, 1));
    stores.push(storage.getStore());
    return stores;
  });
  assert.deepEqual(found, ['handler', null, null]);
});

test('rejectionHandled: no scope', async () => {
  const found = await runProgram(async () => {
    const { AsyncLocalStorage } = require('async-hooks-rs');
    const storage = new AsyncLocalStorage();
    const turn = () => new Promise((resolve) => setImmediate(resolve));
    process.on('unhandledRejection', () => {});
    const handled = new Promise((resolve) => {
      process.on('rejectionHandled', () => resolve([storage.getStore()]));
    });
    const promise = storage.run('in', () => Promise.reject(new Error('expected')));
    await turn();
    storage.run('handler', () => promise.catch(() => {}));
    return handled;
  });
  assert.deepEqual(found, [null]);
});
