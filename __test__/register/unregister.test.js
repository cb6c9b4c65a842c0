'use strict';

// `register` loaded twice, by several copies of the package, and undone.

const assert = require('node:assert/strict');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { after, before, test } = require('node:test');
const { copyPackage } = require('../helpers/package-copy.js');
const { replaces, runRegistered } = require('../helpers/register.js');

let copy;

before(() => {
  copy = fs.mkdtempSync(path.join(os.tmpdir(), 'async-hooks-rs-'));
  copyPackage(copy, (file) => /\.(js|json|node)$/.test(file));
});

after(() => fs.rmSync(copy, { recursive: true, force: true }));

test('register() a second time does nothing', async () => {
  const { printed } = await runRegistered(
    `
    const { AsyncLocalStorage, AsyncResource } = asyncHooks;
    const { Worker } = require('node:worker_threads');
    require('async-hooks-rs/register').register();
    delete require.cache[require.resolve('async-hooks-rs/register')];
    require('async-hooks-rs/register').register();
    assert.equal(require('node:worker_threads').Worker, Worker);
    print([asyncHooks.AsyncLocalStorage === AsyncLocalStorage,
      asyncHooks.AsyncResource === AsyncResource]);`,
    { args: ['--import', 'async-hooks-rs/register'] },
  );
  assert.deepEqual(printed, [[true, true]]);
});

test('unregister() restores everything, and register() replaces it again', async () => {
  const { printed } = await runRegistered(`
    const { register, unregister } = require('async-hooks-rs/register');
    const threads = require('node:worker_threads');
    const { AsyncLocalStorage: ours } = asyncHooks;
    unregister();
    unregister();
    const { AsyncLocalStorage: nodes } = asyncHooks;
    assert.equal(Object.getPrototypeOf(asyncHooks.AsyncResource), Function.prototype);
    assert.match(Function.prototype.toString.call(threads.Worker), /^class Worker /);
    register();
    print([isOurs(ours), isOurs(nodes), asyncHooks.AsyncLocalStorage === ours]);`);
  assert.deepEqual(printed, [[replaces, false, true]]);
});

test('storages and resources from before unregister() go on', async () => {
  const { printed } = await runRegistered(`
    const storage = new asyncHooks.AsyncLocalStorage();
    const resource = storage.run('made', () => new asyncHooks.AsyncResource('TEST'));
    require('async-hooks-rs/register').unregister();
    storage.run('in', () => setImmediate(() => {
      print([storage.getStore(), resource.runInAsyncScope(() => storage.getStore())]);
    }));`);
  assert.deepEqual(printed, [['in', 'made']]);
});

test('unregister() leaves replacements by other code', { skip: !replaces }, async () => {
  const { printed } = await runRegistered(`
    class Wrapped extends asyncHooks.AsyncLocalStorage {}
    asyncHooks.AsyncLocalStorage = Wrapped;
    require('async-hooks-rs/register').unregister();
    print(asyncHooks.AsyncLocalStorage === Wrapped);`);
  assert.deepEqual(printed, [true]);
});

test('a second copy of the package finds the first one registered', async () => {
  const { printed } = await runRegistered(`
    const { AsyncLocalStorage: first } = asyncHooks;
    const other = require(${JSON.stringify(copy)} + '/index.js');
    const { register, unregister } = require(${JSON.stringify(copy)} + '/register.js');
    register();
    assert.equal(asyncHooks.AsyncLocalStorage, first);
    unregister();
    assert.notEqual(other.AsyncLocalStorage, first);
    // Its class extends Node's, not the one that was in its place.
    assert.equal(Object.getPrototypeOf(other.AsyncResource), asyncHooks.AsyncResource);
    const storages = [new first(), new other.AsyncLocalStorage()];
    storages[0].run('a', () => storages[1].run('b', () => setImmediate(() => {
      print([isOurs(asyncHooks.AsyncLocalStorage), ...storages.map((each) => each.getStore())]);
    })));`);
  assert.deepEqual(printed, [[false, 'a', 'b']]);
});
