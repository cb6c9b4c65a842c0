'use strict';

// `register` works beside agents that are preloaded: they hook the loading of modules, and create
// storages and resources before `register` is loaded.

const assert = require('node:assert/strict');
const path = require('node:path');
const test = require('node:test');
const { PRELUDE, replaces, runRegistered } = require('../helpers/register.js');
const { runScript } = require('../helpers/script.js');

const fixture = (name) => path.join(__dirname, '..', 'fixtures', 'register', name);
const agent = fixture('agent.js');
const REGISTER = 'async-hooks-rs/register';

const program = `${PRELUDE}
  const { EventEmitterAsyncResource } = require('node:events');
  (async () => {
    const module = await import('node:async_hooks');
    const threads = await import('node:worker_threads');
    print([
      isOurs(asyncHooks.AsyncLocalStorage),
      isOurs(module.AsyncLocalStorage),
      isOurs((process.getBuiltinModule ?? require)('node:async_hooks').AsyncLocalStorage),
      require('node:worker_threads').Worker === threads.Worker,
      new EventEmitterAsyncResource({ name: 'TEST' }).asyncResource instanceof module.AsyncResource,
    ]);
    require('async-hooks-rs/register').unregister();
    print([isOurs(asyncHooks.AsyncLocalStorage), isOurs(module.AsyncLocalStorage)]);
  })();`;

const orders = { 'before': [agent, REGISTER], 'after': [REGISTER, agent] };

for (const [order, preloads] of Object.entries(orders)) {
  for (const asks of ['', '1']) {
    test(`a hook on require() ${order} it${asks && ', which asks for the module'}`, async () => {
      const args = preloads.flatMap((preload) => ['--require', preload]);
      const { code, stdout, stderr } = await runScript(program, {
        args,
        env: { AGENT_ASKS: asks },
      });
      assert.deepEqual([code, stderr], [0, '']);
      const [registered, restored] = stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
      assert.deepEqual(registered.slice(0, 3), [replaces, replaces, replaces]);
      assert.deepEqual(registered.slice(3), [true, true]);
      // The agent's earlier copies of our properties stay the agent's.
      if (order === 'before') assert.deepEqual(restored, [false, false]);
    });
  }
}

test('a hook below require() works', async () => {
  const args = ['--require', fixture('load-hook.js'), '--require', REGISTER];
  const { code, stdout, stderr } = await runScript(program, { args });
  assert.deepEqual([code, stderr], [0, '']);
  const [registered, restored] = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.deepEqual(registered, [replaces, replaces, replaces, true, true]);
  assert.deepEqual(restored, [false, false]);
});

test('a frozen module keeps its classes', { skip: !replaces }, async () => {
  const args = ['--require', fixture('freeze.js'), '--require', REGISTER];
  const { code, stdout, stderr } = await runScript(
    `${PRELUDE}
    const { AsyncResource } = require('async-hooks-rs');
    const second = () => new AsyncResource('TEST').emitDestroy().emitDestroy();
    assert.throws(second, { code: 'ERR_ASYNC_RESOURCE_DESTROYED' });
    print(isOurs(asyncHooks.AsyncLocalStorage));`,
    { args, env: { ASYNC_HOOKS_RS_DEBUG: '1' } },
  );
  assert.equal(code, 0, stderr);
  assert.equal(stdout, 'false\n');
  assert.match(stderr, /^async-hooks-rs: not registered .*: node:async_hooks cannot be changed\n$/);
});

test('earlier instances are instances of the classes', async () => {
  const { printed } = await runRegistered(`
    const { register, unregister } = require('async-hooks-rs/register');
    unregister();
    const storage = new asyncHooks.AsyncLocalStorage();
    const resource = new asyncHooks.AsyncResource('TEST');
    register();
    const { AsyncLocalStorage, AsyncResource } = asyncHooks;
    class Mine extends AsyncLocalStorage {}
    print([storage instanceof AsyncLocalStorage, resource instanceof AsyncResource,
      new Mine() instanceof AsyncLocalStorage, new Mine() instanceof Mine,
      storage instanceof Mine, {} instanceof AsyncLocalStorage]);
    unregister();
    print(Object.hasOwn(AsyncLocalStorage, Symbol.hasInstance));`);
  assert.deepEqual(printed, [[true, true, true, true, false, false], false]);
});

test('an earlier and a later storage work in one program', async () => {
  const { printed } = await runRegistered(`
    const { register, unregister } = require('async-hooks-rs/register');
    unregister();
    const before = new asyncHooks.AsyncLocalStorage();
    register();
    const after = new asyncHooks.AsyncLocalStorage();
    const both = () => [before.getStore(), after.getStore()];
    before.run('before', () => after.run('after', async () => {
      await null;
      setTimeout(async () => {
        await null;
        print(both());
      }, 1);
    }));`);
  assert.deepEqual(printed, [['before', 'after']]);
});
