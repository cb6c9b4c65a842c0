'use strict';

// Scopes nested as deep as the stack allows, and a stack overflow inside a scope, which can happen
// at any instruction, leave the caller's context unchanged.

const assert = require('node:assert/strict');
const { AsyncLocalStorage, engine } = require('../../index.js');
const { Variable, Snapshot } = require('../../async-context.js');
const { suite } = require('../helpers/suite.js');

// Another limit makes V8 compile other calls into their callers. Which ones need more of the stack
// than the rest decides where it is full.
const test = suite(__filename, [
  '--max-inlined-bytecode-size=80',
  '--max-inlined-bytecode-size=140',
  '--no-opt',
]);

const DEPTH = 10_000;

const variable = new Variable();

// Captured in no scope.
const outside = {
  snapshot: AsyncLocalStorage.snapshot(),
  snapshotOfVariables: new Snapshot(),
  wrapped: Snapshot.wrap(Math.max),
};

const storages = () => [1, 2, 3].map(() => new AsyncLocalStorage());

/** Calls `fn` until the stack is full; returns the depth. */
function overflow(fn) {
  let depth = 0;
  const recurse = () => {
    depth++;
    fn(recurse, depth);
  };
  assert.throws(recurse, RangeError);
  return depth;
}

test('every one of many nested scopes is seen and left', () => {
  const [a, b] = storages();
  let deepest = 0;
  const nest = (depth) => {
    deepest = Math.max(deepest, depth);
    assert.equal(a.getStore(), depth);
    assert.equal(b.getStore(), 'outer');
    if (depth === DEPTH) return;
    try {
      a.run(depth + 1, nest, depth + 1);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error; // a smaller stack: less deep
    }
    assert.equal(a.getStore(), depth);
    assert.equal(b.getStore(), 'outer');
  };
  b.run('outer', () => a.run(0, nest, 0));
  assert.ok(deepest > 500, `${deepest} deep`);
  assert.equal(a.getStore(), undefined);
  assert.equal(b.getStore(), undefined);
});

test('nested scopes of three storages keep their values through the deepest await', async () => {
  const all = storages();
  const seen = () => all.map((storage) => storage.getStore());
  const nest = async (depth) => {
    if (depth < 600) return all[depth % 3].run(depth, nest, depth + 1);
    await null;
    return seen();
  };
  assert.deepEqual(await nest(0), [597, 598, 599]);
  assert.deepEqual(seen(), [undefined, undefined, undefined]);
});

const scopes = {
  'run()': ([a], next, depth) => a.run(depth, next),
  'run() with the same store': ([a], next) => a.run('same', next),
  'run() of three storages in turn': (all, next, depth) => all[depth % 3].run(depth, next),
  'run() inside run()': ([a, b], next, depth) => a.run(depth, () => b.run(depth, next)),
  'run() at the edge of the stack only': ([a, b], next, depth) => {
    a.run(depth, () => {});
    b.run(depth, Math.max, 1, 2);
    next();
  },
  'exit()': ([a, b], next, depth) => a.run(depth, () => b.run(depth, () => a.exit(next))),
  'snapshots': ([a], next, depth) => a.run(depth, () => AsyncLocalStorage.snapshot())(next),
  'a snapshot at the edge of the stack only': (all, next) => {
    outside.snapshot(() => {});
    outside.snapshot(Math.max, 1, 2);
    next();
  },
  'run() of a variable at the edge of the stack only': (all, next, depth) => {
    variable.run(depth, () => {});
    variable.run(depth, Math.max, 1, 2);
    next();
  },
  // Not runInAsyncScope(): in it a stack overflow ends the process in Node itself, as soon as a
  // hook with before() or after() is enabled.
  ...(engine().name === 'hooks' && {
    // The other engines have to call a function when they leave. Where Maglev has left out the code
    // of `finally`, the interpreter does so, and needs two words of stack more.
    'a snapshot of AsyncContext at the edge of the stack only': (all, next) => {
      outside.snapshotOfVariables.run(Math.max, 1, 2);
      next();
    },
    'a wrapped function at the edge of the stack only': (all, next) => {
      outside.wrapped(1, 2);
      next();
    },
  }),
};

for (const [name, scope] of Object.entries(scopes)) {
  // Repeated with another use of the stack, so that it is full at another instruction each time.
  test(`a stack overflow leaves the right context: ${name}`, async () => {
    const all = storages();
    const [a, , c] = all;
    const seen = () => [...all.map((storage) => storage.getStore()), variable.get()];
    for (let i = 0; i < 40; i++) {
      const pad = (levels) => {
        if (levels > 0) return pad(levels - 1);
        const depth = overflow((next, level) => scope(all, next, level));
        return assert.ok(depth > 100, `${depth} deep`);
      };
      a.run('outer', () => {
        pad(i);
        assert.deepEqual(seen(), ['outer', undefined, undefined, undefined]);
      });
      assert.deepEqual(seen(), [undefined, undefined, undefined, undefined]);
    }
    // Scopes entered afterwards are carried.
    await c.run('after', async () => {
      await new Promise((resolve) => setImmediate(resolve));
      assert.deepEqual(seen(), [undefined, undefined, 'after', undefined]);
    });
  });
}
