'use strict';

// What a function may see: the context in which it was made, one that was entered in it or by hand,
// or none that was left on purpose; whichever class the program uses.

const { describe, it } = require('node:test');
const assert = require('node:assert/strict');
const path = require('node:path');
const { REGISTER, START, TRACE, certain, lineOf, root, traced } = require('../helpers/program.js');

const LOST = `${START}
storage.run({ id: 1 }, () => later(() => {
  storage.getStore(); // read
}));
`;
const FOREIGN = `${START}
let made;
storage.run({ id: 1 }, () => {
  made = () => {
    storage.getStore(); // read
  };
});
later(() => storage.run({ id: 2 }, () => made()));
`;

const RIGHT = {
  'a nested run()': `storage.run({ id: 1 }, () => {
    const fn = () => storage.getStore();
    storage.run({ id: 2 }, fn);
  });`,
  'the same store, entered by hand': `storage.run({ id: 1 }, () => {
    const store = storage.getStore();
    const fn = () => storage.getStore();
    later(() => storage.run(store, fn));
  });`,
  'exit()': `storage.run({ id: 1 }, () => {
    const fn = () => storage.getStore();
    storage.exit(fn);
  });`,
  'run() without a store': `storage.run({ id: 1 }, () => {
    const fn = () => storage.getStore();
    storage.run(undefined, fn);
  });`,
  'bind() of the storage': `storage.run({ id: 1 }, () => {
    later(AsyncLocalStorage.bind(() => assert.equal(storage.getStore().id, 1)));
  });`,
  'snapshot()': `storage.run({ id: 1 }, () => {
    const restore = AsyncLocalStorage.snapshot();
    const fn = () => assert.equal(storage.getStore().id, 1);
    later(() => restore(fn));
  });`,
  'a snapshot of another context': `storage.run({ id: 1 }, () => {
    const fn = () => storage.getStore();
    const restore = storage.run({ id: 2 }, () => AsyncLocalStorage.snapshot());
    later(() => restore(fn));
  });`,
  'a resource': `storage.run({ id: 1 }, () => {
    const resource = new AsyncResource('test');
    const fn = () => assert.equal(storage.getStore().id, 1);
    later(() => resource.runInAsyncScope(fn));
  });`,
  'a bound resource': `storage.run({ id: 1 }, () => {
    later(new AsyncResource('test').bind(() => assert.equal(storage.getStore().id, 1)));
  });`,
  'enterWith() after it': `storage.run({ id: 1 }, () => {
    const fn = () => storage.getStore();
    storage.enterWith({ id: 2 });
    fn();
  });`,
  'a function without a read': `storage.run({ id: 1 }, () => later(() => {}));
  later(() => storage.getStore());`,
  'a read after the function': `storage.run({ id: 1 }, () => {
    const fn = () => {};
    later(() => fn());
  });
  later(() => { waiting[0](); storage.getStore(); });`,
  'the same function, made outside': `
  const make = () => () => storage.getStore();
  const outside = make();
  storage.run({ id: 1 }, () => later(make()));
  waiting.length = 0;
  storage.run({ id: 1 }, () => later(() => {}));
  later(() => { waiting[0](); outside(); });`,
  'another storage': `const other = new AsyncLocalStorage();
  storage.run({ id: 1 }, () => later(() => other.getStore()));`,
};

/** All of them in one program, each with functions of its own to call later. */
const ALL_RIGHT = [
  START,
  ...Object.entries(RIGHT).map(
    ([name, text]) => `{ // right: ${name}
      const waiting = [];
      const later = (fn) => waiting.push(fn);
      setImmediate(() => setImmediate(() => { for (const fn of waiting) fn(); }));
      ${text}
    }`,
  ),
].join('\n');

/** Those of which a run says something certain. */
function blamed({ findings }) {
  const lines = Object.keys(RIGHT).map((name) => [name, lineOf(ALL_RIGHT, `// right: ${name}`)]);
  return findings
    .filter((finding) => finding.certain)
    .map(({ read }) => lines.findLast(([, line]) => line <= read.line)?.[0] ?? read.line);
}

const CLASSES = {
  'of Node': {},
  'ours by register, before the finder': { args: ['--require', REGISTER, '--require', TRACE] },
  'ours by register, after the finder': { args: ['--require', TRACE, '--require', REGISTER] },
};
const IMPORTED = (source) =>
  source.replace(
    "require('node:async_hooks')",
    `require(${JSON.stringify(path.join(root, 'index.js'))})`,
  );

describe('what a function may see', { concurrency: 2 }, () => {
  for (const [name, how] of Object.entries(CLASSES)) {
    it(`none, and another's, are found with classes ${name}`, async () => {
      const line = lineOf(LOST, '// read');
      assert.deepEqual(certain(await traced(LOST, how)), [`lost birth ${line}`]);
      assert.deepEqual(certain(await traced(FOREIGN, how)), [
        `foreign birth ${lineOf(FOREIGN, '// read')}`,
      ]);
    });
    it(`nothing certain where it is right, with classes ${name}`, async () => {
      const run = await traced(ALL_RIGHT, how);
      assert.deepEqual([run.code, run.stderr, blamed(run)], [0, '', []]);
    });
  }
  it('with classes of ours by import', async () => {
    const line = lineOf(LOST, '// read');
    assert.deepEqual(certain(await traced(IMPORTED(LOST))), [`lost birth ${line}`]);
    const run = await traced(IMPORTED(ALL_RIGHT));
    assert.deepEqual([run.code, run.stderr, blamed(run)], [0, '', []]);
  });
});
