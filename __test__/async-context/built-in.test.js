'use strict';

// AsyncContext beside the AsyncLocalStorage of node:async_hooks. Where Node carries frames itself,
// one slot holds both, and a scope is the content of that slot.

const assert = require('node:assert/strict');
const asyncHooks = require('node:async_hooks');
const { Variable, Snapshot } = require('../../async-context.js');
const { differs } = require('../helpers/engine.js');
const { suite } = require('../helpers/suite.js');

const test = suite(__filename);

const variable = new Variable({ defaultValue: '-' });
const theirs = new asyncHooks.AsyncLocalStorage();
const both = () => `${variable.get()}/${theirs.getStore() ?? '-'}`;
const turn = () => new Promise((resolve) => setImmediate(resolve));

async function journey() {
  const found = [both()];
  await null;
  found.push(both());
  await turn();
  found.push(both());
  return [...new Set(found)];
}

test('scopes nested both ways keep their stores through awaits and callbacks', async () => {
  assert.deepEqual(await variable.run('v', () => theirs.run('t', journey)), ['v/t']);
  assert.deepEqual(await theirs.run('t', () => variable.run('v', journey)), ['v/t']);
  assert.deepEqual(await theirs.run(0, () => variable.run('v', () => theirs.run('t', journey))), [
    'v/t',
  ]);
  assert.deepEqual(await journey(), ['-/-']);
});

test('their run() and exit() inside ours restore their stores, and the reverse', () => {
  variable.run('v', () => {
    theirs.run('t', () => {
      variable.run('w', () => assert.equal(both(), 'w/t'));
      assert.equal(both(), 'v/t');
      theirs.exit(() => assert.equal(both(), 'v/-'));
      assert.equal(both(), 'v/t');
    });
    assert.equal(both(), 'v/-');
  });
  assert.equal(both(), '-/-');
});

test('their snapshot() and bind() carry variables', () => {
  const [snapshot, bound] = variable.run('v', () =>
    theirs.run('t', () => [
      asyncHooks.AsyncLocalStorage.snapshot(),
      asyncHooks.AsyncResource.bind(both),
    ]),
  );
  variable.run('caller', () => {
    assert.equal(snapshot(both), 'v/t');
    assert.equal(bound(), 'v/t');
    assert.equal(both(), 'caller/-');
  });
});

test('a Snapshot carries their stores where Node carries frames', () => {
  const snapshot = variable.run('v', () => theirs.run('t', () => new Snapshot()));
  theirs.run('caller', () => {
    assert.equal(snapshot.run(both), differs.snapshotIsOursOnly ? 'v/caller' : 'v/t');
    assert.equal(both(), '-/caller');
  });
});

test('what they enter inside of run() is undone where Node carries frames', async () => {
  const after = await new Promise((resolve) =>
    setImmediate(() => {
      variable.run('v', () => {
        theirs.enterWith('entered');
        assert.equal(both(), 'v/entered');
      });
      resolve(both());
    }),
  );
  assert.equal(after, differs.snapshotIsOursOnly ? '-/entered' : '-/-');
});
