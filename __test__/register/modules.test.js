'use strict';

// `register` reaches all code that takes the classes from node:async_hooks, in whichever way.

const assert = require('node:assert/strict');
const test = require('node:test');
const { FLAGS, replaces, runRegistered } = require('../helpers/register.js');

const ways = {
  'require()': `isOurs(require('node:async_hooks').AsyncLocalStorage)`,
  'require() without node:': `isOurs(require('async_hooks').AsyncLocalStorage)`,
  'createRequire()': `isOurs(require('node:module').createRequire(process.cwd() + '/')(
    'node:async_hooks').AsyncLocalStorage)`,
  'import of a name': `isOurs((await import('node:async_hooks')).AsyncLocalStorage)`,
  'import of the default': `isOurs((await import('node:async_hooks')).default.AsyncLocalStorage)`,
  'import without node:': `isOurs((await import('async_hooks')).AsyncLocalStorage)`,
  'process.getBuiltinModule()': `isOurs((process.getBuiltinModule ?? require)(
    'node:async_hooks').AsyncLocalStorage)`,
  'a module that imports it': `isOurs((await import('data:text/javascript,' +
    'export { AsyncLocalStorage } from "node:async_hooks"')).AsyncLocalStorage)`,
};

for (const flag of FLAGS) {
  for (const [way, expression] of Object.entries(ways)) {
    test(`${flag} reaches ${way}`, async () => {
      const { printed, stderr } = await runRegistered(`(async () => print(${expression}))();`, {
        flag,
      });
      assert.deepEqual(printed, [replaces]);
      assert.equal(stderr, '');
    });
  }
}

test('AsyncResource is also replaced, and both classes are those of the package', async () => {
  const { printed } = await runRegistered(`
    const ours = require('async-hooks-rs');
    print([ours.AsyncLocalStorage === asyncHooks.AsyncLocalStorage,
      ours.AsyncResource === asyncHooks.AsyncResource]);`);
  assert.deepEqual(printed, [[replaces, replaces]]);
});

test('everything else of the module is unchanged', async () => {
  const { printed } = await runRegistered(`
    const { register, unregister } = require('async-hooks-rs/register');
    const keys = () => Object.keys(asyncHooks);
    const others = () => keys().filter((key) => !key.startsWith('Async')).map(
      (key) => asyncHooks[key]);
    const registered = [keys(), others()];
    unregister();
    assert.deepEqual([keys(), others()], registered);
    print(keys().length);`);
  assert.deepEqual(printed, [7]);
});

test('an earlier import of a name changes with the module', async () => {
  const { printed } = await runRegistered(`
    const { register, unregister } = require('async-hooks-rs/register');
    (async () => {
      unregister();
      const module = await import('node:async_hooks');
      const before = isOurs(module.AsyncLocalStorage);
      register();
      print([before, isOurs(module.AsyncLocalStorage), module.AsyncResource ===
        asyncHooks.AsyncResource]);
    })();`);
  assert.deepEqual(printed, [[false, replaces, true]]);
});

test("the classes may be assigned to, like Node's AsyncResource", async () => {
  const { printed } = await runRegistered(`
    class Mine extends asyncHooks.AsyncLocalStorage {}
    const descriptor = Object.getOwnPropertyDescriptor(asyncHooks, 'AsyncLocalStorage');
    Object.defineProperty(asyncHooks, 'AsyncLocalStorage', { value: Mine });
    print([asyncHooks.AsyncLocalStorage === Mine, descriptor.enumerable, descriptor.configurable]);
  `);
  assert.deepEqual(printed, [[true, true, true]]);
});
