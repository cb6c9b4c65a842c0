'use strict';

// Generators: a body runs in the scope of the caller of next(), as in Node.

const assert = require('node:assert/strict');
const { suite } = require('../helpers/suite.js');
const { storage, seen, carries } = require('../helpers/carries.js');

const test = suite(__filename);
const turn = () => new Promise((resolve) => setImmediate(resolve));

test('a sync generator sees the scope of each next()', () => {
  function* values() {
    yield seen();
    yield seen();
    yield seen();
  }
  const iterator = storage.run('creator', values);
  const found = [
    iterator.next().value,
    storage.run('one', () => iterator.next().value),
    storage.run('two', () => iterator.next().value),
    seen(),
  ];
  assert.deepEqual(found, [undefined, 'one', 'two', undefined]);
});

test('the caller of next() sees a store entered by a sync generator', () => {
  function* values() {
    storage.enterWith('entered');
    yield;
  }
  storage.run('outer', () => {
    values().next();
    assert.equal(seen(), 'entered');
  });
  assert.equal(seen(), undefined);
});

test('an async generator sees the scope of next(), before and after its awaits', async () => {
  async function* values() {
    const first = [seen()];
    await turn();
    first.push(seen());
    yield first;
    const second = [seen()];
    await turn();
    second.push(seen());
    yield second;
  }
  const iterator = storage.run('creator', values);
  const one = await storage.run('one', () => iterator.next());
  const two = await storage.run('two', () => iterator.next());
  assert.deepEqual(one.value, ['one', 'one']);
  assert.deepEqual(two.value, ['two', 'two']);
});

carries(
  test,
  'the body of a for await loop and the generator below it',
  async (report) => {
    async function* values() {
      try {
        for (let i = 0; i < 2; i++) {
          await turn();
          report();
          yield i;
        }
      } finally {
        await turn();
        report();
      }
    }
    for await (const value of values()) {
      assert.equal(typeof value, 'number');
      report();
    }
    report();
  },
  { times: 6 },
);

carries(
  test,
  'leaving a for await loop early',
  async (report) => {
    async function* values() {
      try {
        yield 1;
      } finally {
        await turn();
        report();
      }
    }
    // oxlint-disable-next-line no-unused-vars
    for await (const _ of values()) break;
    report();
  },
  { times: 2 },
);

carries(
  test,
  'yield* of an async generator over a sync one',
  async (report) => {
    function* inner() {
      report();
      yield 1;
      report();
    }
    async function* outer() {
      yield* inner();
      report();
    }
    const iterator = outer();
    await iterator.next();
    await iterator.next();
  },
  { times: 3 },
);
