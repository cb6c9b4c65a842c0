'use strict';

// docs/compatibility.md: differences from Node without another test, and a check that each test
// named by the page exists.

const test = require('node:test');
const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const asyncHooks = require('node:async_hooks');
const { AsyncLocalStorage, AsyncResource } = require('../index.js');
const { differs, nodeCarriesFrames, name } = require('./helpers/engine.js');
const { runScript } = require('./helpers/script.js');

const root = path.resolve(__dirname, '..');

// In a process of its own, because node:test has hooks and listeners.
async function evaluate(body) {
  const { code, stdout, stderr } = await runScript(`
    const { AsyncLocalStorage, AsyncResource, createHook, executionAsyncId } =
      require('async-hooks-rs');
    const storage = new AsyncLocalStorage();
    const print = (value) => console.log(JSON.stringify(value));
    ${body}`);
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

test('emitDestroy() a second time throws, and emits nothing', async () => {
  assert.deepEqual(
    await evaluate(`
    let destroyed = 0;
    const resource = new AsyncResource('EXAMPLE', { requireManualDestroy: true });
    createHook({ destroy(id) { if (id === resource.asyncId()) destroyed++; } }).enable();
    print(resource.emitDestroy() === resource);
    try { resource.emitDestroy(); } catch ({ code }) { print(code); }
    setImmediate(print, 'turn');
    setImmediate(() => print(destroyed));
  `),
    [true, 'ERR_ASYNC_RESOURCE_DESTROYED', 'turn', 1],
  );
});

test('runInAsyncScope() on a foreign this throws', () => {
  const { runInAsyncScope } = AsyncResource.prototype;
  for (const receiver of [undefined, null, {}, 5]) {
    assert.throws(() => runInAsyncScope.call(receiver, () => {}), { code: 'ERR_INVALID_THIS' });
  }
});

test('enterWith() and disable() on a foreign this throw', () => {
  const { enterWith, disable } = AsyncLocalStorage.prototype;
  for (const receiver of [undefined, null, {}, 5]) {
    assert.throws(() => enterWith.call(receiver, 1), TypeError);
    assert.throws(() => disable.call(receiver), TypeError);
  }
});

test('bound functions have no asyncResource', () => {
  const resource = new AsyncResource('EXAMPLE');
  for (const bound of [
    AsyncLocalStorage.bind(() => {}),
    AsyncResource.bind(() => {}),
    resource.bind(() => {}),
    resource.bind(() => {}, null),
  ]) {
    assert.equal('asyncResource' in bound, false);
  }
});

test('an empty type is refused once a storage was used, where the engine has a hook', async () => {
  const answers = await evaluate(`
    const make = () => {
      try { new AsyncResource(''); return 'made'; } catch ({ code }) { return code; }
    };
    print(make());
    storage.run(1, () => print(make()));
  `);
  // The built-in class also has such a hook where Node carries no frames.
  const hooked =
    name === 'hooks' || name === 'slot-hooks' || (name === 'builtin' && !nodeCarriesFrames);
  assert.equal(answers[1], hooked ? 'ERR_ASYNC_TYPE' : 'made');
});

test('unhandledRejection: which scope its handlers see', async () => {
  const expected = differs.rejectionSeenFromCreation ? 'made' : 'rejected';
  assert.deepEqual(
    await evaluate(`
    process.on('unhandledRejection', () => print(storage.getStore()));
    let reject;
    storage.run('made', () => new Promise((_, no) => { reject = no; }));
    storage.run('rejected', () => reject(new Error('expected')));
  `),
    [expected],
  );
});

/** Ways to enter a captured context again, for both classes. */
const reentries = `
  const { AsyncLocalStorage: S, AsyncResource: R } = require(from);
  const storage = new S();
  const capture = {
    resource: () => { const r = new R('EXAMPLE'); return (fn) => r.runInAsyncScope(fn); },
    bound: () => S.bind((fn) => fn()),
    snapshot: () => S.snapshot(),
  };
  const seen = () => storage.getStore() ?? 'none';`;

async function reenter(from, body) {
  const [found] = await evaluate(`{ const from = '${from}'; ${reentries} ${body} }`);
  return found;
}

test('run() in what is entered again inside of it: there, what was captured is current', async () => {
  const body = `print(Object.values(capture).map((make) => {
      const enter = make();
      return enter(() => storage.run('run', () => [seen(), enter(seen), seen()]));
    }));`;
  const around = (...inner) => inner.map((store) => ['run', store, 'run']);
  const kept = nodeCarriesFrames ? 'none' : 'run';
  assert.deepEqual(await reenter('node:async_hooks', body), around(kept, kept, kept));
  // The engine `builtin` does not control Node's resources, but a snapshot is not a resource.
  const ours = name === 'builtin' ? kept : 'none';
  assert.deepEqual(await reenter('async-hooks-rs', body), around(ours, ours, 'none'));
});

test('a snapshot and a resource that are entered in exit() have their stores', async () => {
  const body = `print(Object.values(capture).map((make) => {
    const enter = storage.run('captured', make);
    return storage.run('run', () => storage.exit(() => [seen(), enter(seen), seen()]));
  }));`;
  const three = (inner) => Array(3).fill(['none', inner, 'none']);
  const kept = nodeCarriesFrames ? 'captured' : 'none';
  assert.deepEqual(await reenter('node:async_hooks', body), three(kept));
  assert.deepEqual(await reenter('async-hooks-rs', body), three('captured'));
});

test('executionAsyncId() after an await is 0', async (t) => {
  // The built-in class makes Node track promises wherever it is carried by hooks.
  if (name === 'builtin' && !nodeCarriesFrames) return t.skip('the built-in class tracks promises');
  assert.deepEqual(
    await evaluate(`
    storage.run(1, async () => {
      await null;
      print([storage.getStore(), executionAsyncId()]);
    });
  `),
    [[1, 0]],
  );
});

test('finished() of node:stream: Node binds its callback or not, for both classes', async () => {
  // Node 20 does not bind it, so the callback runs in the scope that ends the stream.
  const both = await evaluate(`
    const { finished, Readable } = require('node:stream');
    const { AsyncLocalStorage: Builtin } = require('node:async_hooks');
    const builtin = new Builtin();
    const stream = new Readable({ read() {} });
    const enter = (store, fn) => storage.run(store, () => builtin.run(store, fn));
    enter('bound', () => finished(stream, () => print([storage.getStore(), builtin.getStore()])));
    enter('ended', () => stream.resume().push(null));
  `);
  assert.equal(both[0][0], both[0][1]);
  assert.ok(['bound', 'ended'].includes(both[0][0]));
});

test('destroy is emitted when a resource is garbage-collected', async () => {
  const { stdout } = await runScript(
    `
    const { AsyncResource, createHook } = require('async-hooks-rs');
    const made = new Map();
    createHook({
      init(id, type) { if (type.startsWith('EXAMPLE')) made.set(id, type); },
      destroy(id) { if (made.has(id)) console.log(made.get(id)); },
    }).enable();
    new AsyncResource('EXAMPLE');
    new AsyncResource('EXAMPLE-MANUAL', { requireManualDestroy: true });
    setImmediate(() => { gc(); setImmediate(() => {}); });
  `,
    { args: ['--expose-gc'] },
  );
  assert.equal(stdout, 'EXAMPLE\n');
});

test('no resource is made for a snapshot, and its calls emit no events', async () => {
  assert.deepEqual(
    await evaluate(`
    storage.run(1, () => {});
    let events = 0;
    const count = () => { events++; };
    const hook = createHook({ init: count, before: count, after: count }).enable();
    AsyncLocalStorage.snapshot()(() => {});
    hook.disable();
    print(events);
  `),
    [0],
  );
});

test('snapshot() and stores of the built-in class; AsyncResource.bind() carries them', () => {
  const ours = new AsyncLocalStorage();
  const builtin = new asyncHooks.AsyncLocalStorage();
  const stores = () => [ours.getStore(), builtin.getStore()];
  const [snapshot, bound] = ours.run(1, () =>
    builtin.run(2, () => [AsyncLocalStorage.snapshot(), AsyncResource.bind(stores)]),
  );
  assert.deepEqual(snapshot(stores), [1, differs.snapshotIsOursOnly ? undefined : 2]);
  assert.deepEqual(bound(), [1, 2]);
  builtin.disable();
});

test('enterWith() in a callback of a resource, and its next callback', () => {
  const storage = new AsyncLocalStorage();
  const resource = storage.run(1, () => new AsyncResource('EXAMPLE'));
  const seen = [];
  for (let i = 0; i < 2; i++) {
    resource.runInAsyncScope(() => {
      seen.push(storage.getStore());
      storage.enterWith(2);
    });
  }
  assert.deepEqual(seen, [1, differs.enterWithSticksToResource ? 2 : 1]);
});

test('every test that the page names exists', () => {
  const page = fs.readFileSync(path.join(root, 'docs', 'compatibility.md'), 'utf8');
  const named = [...page.matchAll(/`([\w/-]+\.test\.js)`: "([^"]+)"/g)];
  assert.ok(named.length > 20);
  for (const [, file, title] of named) {
    const source = fs.readFileSync(path.join(root, '__test__', file), 'utf8');
    assert.ok(source.replaceAll("\\'", "'").includes(title), `${file}: ${title}`);
  }
});
