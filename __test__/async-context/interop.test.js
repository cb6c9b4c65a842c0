'use strict';

// AsyncContext beside AsyncLocalStorage and AsyncResource of this package: all share one frame.

const assert = require('node:assert/strict');
const { AsyncLocalStorage, AsyncResource } = require('../../index.js');
const { Variable, Snapshot } = require('../../async-context.js');
const { differs } = require('../helpers/engine.js');
const { suite } = require('../helpers/suite.js');

const test = suite(__filename);

const variable = new Variable({ defaultValue: '-' });
const storage = new AsyncLocalStorage({ defaultValue: '-' });
const both = () => `${variable.get()}/${storage.getStore()}`;
const turn = () => new Promise((resolve) => setImmediate(resolve));
/** In a callback of its own: its end ends whatever was entered. */
const inCallback = (fn) =>
  new Promise((resolve, reject) => {
    setImmediate(() => (async () => fn())().then(resolve, reject));
  });

async function journey() {
  const found = [both()];
  await null;
  found.push(both());
  await turn();
  found.push(both());
  await new Promise((resolve) => process.nextTick(resolve));
  found.push(both());
  return [...new Set(found)];
}

test('scopes nested both ways keep their values through awaits and callbacks', async () => {
  assert.deepEqual(await variable.run('v', () => storage.run('s', journey)), ['v/s']);
  assert.deepEqual(await storage.run('s', () => variable.run('v', journey)), ['v/s']);
  assert.deepEqual(
    await variable.run(0, () => storage.run('s', () => variable.run('v', journey))),
    ['v/s'],
  );
  assert.deepEqual(await journey(), ['-/-']);
});

test('every way to capture carries both variables and stores', () => {
  const captures = {
    'Snapshot': () => {
      const snapshot = new Snapshot();
      return () => snapshot.run(both);
    },
    'Snapshot.wrap()': () => Snapshot.wrap(both),
    'AsyncLocalStorage.snapshot()': () => {
      const snapshot = AsyncLocalStorage.snapshot();
      return () => snapshot(both);
    },
    'AsyncLocalStorage.bind()': () => AsyncLocalStorage.bind(both),
    'AsyncResource.bind()': () => AsyncResource.bind(both),
    'AsyncResource': () => {
      const resource = new AsyncResource('CAPTURE');
      return () => resource.runInAsyncScope(both);
    },
  };
  for (const [title, capture] of Object.entries(captures)) {
    const captured = variable.run('v', () => storage.run('s', capture));
    assert.equal(captured(), 'v/s', title);
    variable.run('caller', () =>
      storage.run('caller', () => {
        assert.equal(captured(), 'v/s', title);
        assert.equal(both(), 'caller/caller', title);
      }),
    );
  }
});

test('run() keeps the store of an earlier enterWith() and undoes a later one', async () => {
  await inCallback(async () => {
    storage.enterWith('before');
    await variable.run('v', async () => {
      assert.equal(both(), 'v/before');
      storage.enterWith('inside');
      assert.equal(both(), 'v/inside');
      await turn();
      assert.equal(both(), 'v/inside');
    });
    // As after any await: the store that the function itself entered before it.
    assert.equal(both(), '-/before');
  });
});

test('enterWith() ends with run() of a variable, not with run() of a storage', async () => {
  await inCallback(() => {
    const other = new AsyncLocalStorage();
    storage.run('s', () => other.enterWith('kept'));
    assert.equal(other.getStore(), 'kept');
    variable.run('v', () => other.enterWith('undone'));
    assert.equal(other.getStore(), 'kept');
  });
});

test('enterWith() in storage.run() in run(), and the reverse, end with their scopes', async () => {
  await inCallback(() => {
    variable.run('v', () => {
      storage.run('s', () => {
        storage.enterWith('inner');
        assert.equal(both(), 'v/inner');
      });
      assert.equal(both(), 'v/-');
    });
    storage.run('s', () => {
      variable.run('v', () => storage.enterWith('inner'));
      assert.equal(both(), '-/s');
    });
    assert.equal(both(), '-/-');
  });
});

test('exit() ends the store, and no variable', () => {
  variable.run('v', () =>
    storage.run('s', () => {
      storage.exit(() => {
        assert.equal(both(), 'v/undefined');
        variable.run('w', () => assert.equal(both(), 'w/undefined'));
      });
      assert.equal(both(), 'v/s');
    }),
  );
});

test('disable() ends the store everywhere, and no variable', async () => {
  const ended = new AsyncLocalStorage({ defaultValue: '-' });
  const look = () => `${variable.get()}/${ended.getStore()}`;
  const [snapshot, pending] = variable.run('v', () =>
    ended.run('s', () => [
      new Snapshot(),
      (async () => {
        await turn();
        return look();
      })(),
    ]),
  );
  variable.run('w', () =>
    ended.run('s', () => {
      variable.run('x', () => {
        assert.equal(look(), 'x/s');
        ended.disable();
        assert.equal(look(), 'x/-');
      });
      assert.equal(look(), 'w/-');
    }),
  );
  assert.equal(snapshot.run(look), 'v/-');
  assert.equal(await pending, 'v/-');
});

test('withScope() inside run() ends with run(), and its later dispose() does nothing', () => {
  const scope = variable.run('v', () => {
    const inside = storage.withScope('s');
    assert.equal(both(), 'v/s');
    return inside;
  });
  assert.equal(both(), '-/-');
  variable.run('w', () => {
    scope.dispose();
    assert.equal(both(), 'w/-');
  });
  assert.equal(both(), '-/-');
});

test('a withScope() scope disposed inside run() is back after run()', async () => {
  await inCallback(() => {
    const scope = storage.withScope('s');
    variable.run('v', () => {
      scope.dispose();
      assert.equal(both(), 'v/-');
    });
    assert.equal(both(), '-/s');
  });
  assert.equal(both(), '-/-');
});

test('scopes of withScope() of two storages surround run()', () => {
  const other = new AsyncLocalStorage();
  const outer = storage.withScope('s');
  const inner = other.withScope('o');
  variable.run('v', () => assert.deepEqual([both(), other.getStore()], ['v/s', 'o']));
  outer.dispose();
  assert.deepEqual([both(), other.getStore()], ['-/-', 'o']);
  inner.dispose();
  assert.equal(other.getStore(), undefined);
});

test("a resource's scope carries variables and stores", () => {
  const resource = variable.run('v', () => storage.run('s', () => new AsyncResource('RESOURCE')));
  variable.run('w', () => {
    resource.runInAsyncScope(() => {
      assert.equal(both(), 'v/s');
      variable.run('x', () => {
        storage.enterWith('inner');
        const again = differs.enterWithSticksToResource ? 'x/inner' : 'v/s';
        assert.equal(resource.runInAsyncScope(both), again);
        assert.equal(both(), 'x/inner');
      });
      assert.equal(both(), 'v/s');
    });
    assert.equal(both(), 'w/-');
  });
});

test("a store entered in a resource's scope inside run() ends with that scope", () => {
  const resource = new AsyncResource('RESOURCE');
  variable.run('v', () => {
    resource.runInAsyncScope(() => {
      storage.enterWith('inner');
      assert.equal(both(), '-/inner');
    });
    assert.equal(both(), 'v/-');
  });
  assert.equal(both(), '-/-');
});
