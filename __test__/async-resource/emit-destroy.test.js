'use strict';

// AsyncResource.prototype.emitDestroy(): its result, the error of a second call, and the time of
// the destroy event, by hand or by garbage collection.

const test = require('node:test');
const assert = require('node:assert/strict');
const { AsyncResource } = require('../../index.js');
const { runProgram } = require('../helpers/printing-program.js');
const { thrown } = require('../helpers/thrown.js');

test('emitDestroy() returns the resource', () => {
  const resource = new AsyncResource('T');
  assert.equal(resource.emitDestroy(), resource);
});

for (const requireManualDestroy of [true, false]) {
  test(`a second call throws, requireManualDestroy: ${requireManualDestroy}`, () => {
    const resource = new AsyncResource('T', { requireManualDestroy });
    resource.emitDestroy();
    const expected = {
      name: 'Error',
      code: 'ERR_ASYNC_RESOURCE_DESTROYED',
      message:
        'emitDestroy() must be called only once; ' +
        `the AsyncResource with async id ${resource.asyncId()} was destroyed before`,
    };
    assert.deepEqual(
      thrown(() => resource.emitDestroy()),
      expected,
    );
    assert.deepEqual(
      thrown(() => resource.emitDestroy()),
      expected,
    );
  });
}

test('on any other receiver nothing happens, and the process goes on', async () => {
  assert.deepEqual(
    await runProgram(`
    createHook({ destroy() {} }).enable();
    const seen = [{}, Object.create(AsyncResource.prototype)].map((receiver) =>
      AsyncResource.prototype.emitDestroy.call(receiver) === receiver);
    setImmediate(() => print(seen));
  `),
    [true, true],
  );
});

// Destroy events of type T, then the value of `seen`.
const LOG = `
  const ids = new Set();
  const seen = [];
  const hook = createHook({
    init(id, type) { if (type === 'T') ids.add(id); },
    destroy(id) { if (ids.has(id)) seen.push('destroy'); },
  }).enable();
`;

test('the event is emitted once, however often it is called', async () => {
  assert.deepEqual(
    await runProgram(`${LOG}
    const resource = new AsyncResource('T');
    resource.emitDestroy();
    try { resource.emitDestroy(); } catch { seen.push('thrown'); }
    setImmediate(() => setImmediate(() => print(seen)));
  `),
    ['thrown', 'destroy'],
  );
});

test('the event comes after nextTick and microtasks, before setImmediate', async () => {
  assert.deepEqual(
    await runProgram(`${LOG}
    setImmediate(() => { seen.push('immediate'); print(seen); });
    process.nextTick(() => seen.push('tick'));
    Promise.resolve().then(() => seen.push('microtask'));
    new AsyncResource('T').emitDestroy();
    seen.push('sync');
  `),
    ['sync', 'tick', 'microtask', 'destroy', 'immediate'],
  );
});

test('the event runs in no execution', async () => {
  assert.deepEqual(
    await runProgram(`
    const resource = new AsyncResource('T');
    createHook({
      destroy(id) { if (id === resource.asyncId()) print(executionAsyncId()); },
    }).enable();
    resource.emitDestroy();
  `),
    0,
  );
});

test('the event is delivered before the process ends, even without other work', async () => {
  assert.deepEqual(
    await runProgram(`${LOG}
    process.on('exit', () => print(seen));
    new AsyncResource('T').emitDestroy();
  `),
    ['destroy'],
  );
});

test('a hook that is enabled after emitDestroy() sees no event', async () => {
  assert.deepEqual(
    await runProgram(`
    const resource = new AsyncResource('T');
    const seen = [];
    resource.emitDestroy();
    createHook({ destroy(id) { if (id === resource.asyncId()) seen.push('destroy'); } }).enable();
    setImmediate(() => setImmediate(() => print(seen)));
  `),
    [],
  );
});

// Collects until the destroy events of all garbage have come, then prints `seen`.
const COLLECT = `
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  (async () => {
    for (let i = 0; i < 10; i++) { await turn(); gc(); }
    await turn();
    print(seen);
  })();
`;
const gc = { args: ['--expose-gc'] };

for (const [title, make, expected] of [
  ['by default', "new AsyncResource('T')", ['destroy']],
  ['requireManualDestroy: true', "new AsyncResource('T', { requireManualDestroy: true })", []],
  ['requireManualDestroy: 1', "new AsyncResource('T', { requireManualDestroy: 1 })", []],
  ['requireManualDestroy: 0', "new AsyncResource('T', { requireManualDestroy: 0 })", ['destroy']],
  ['emitDestroy() called', "new AsyncResource('T').emitDestroy()", ['destroy']],
  [
    'emitDestroy() called, requireManualDestroy: true',
    "new AsyncResource('T', { requireManualDestroy: true }).emitDestroy()",
    ['destroy'],
  ],
  ['made, then run in', "new AsyncResource('T').runInAsyncScope(() => {})", ['destroy']],
]) {
  test(`garbage collection: ${title}`, async () => {
    assert.deepEqual(await runProgram(`${LOG} (() => { ${make}; })(); ${COLLECT}`, gc), expected);
  });
}

test('garbage collection: no event if the destroy hook was enabled later', async () => {
  assert.deepEqual(
    await runProgram(
      `
    const seen = [];
    const id = (() => new AsyncResource('T').asyncId())();
    createHook({ destroy(destroyed) { if (destroyed === id) seen.push('destroy'); } }).enable();
    ${COLLECT}
  `,
      gc,
    ),
    [],
  );
});

test('garbage collection: also inside a scope of a storage', async () => {
  assert.deepEqual(
    await runProgram(
      `${LOG}
    new AsyncLocalStorage().run({}, () => { new AsyncResource('T'); });
    ${COLLECT}
  `,
      gc,
    ),
    ['destroy'],
  );
});

test('a destroyed resource is collected', async () => {
  assert.equal(
    await runProgram(
      `
    const ref = (() => new WeakRef(new AsyncResource('T').emitDestroy()))();
    const seen = { get collected() { return ref.deref() === undefined; } };
    ${COLLECT.replace('print(seen)', 'print(seen.collected)')}
  `,
      gc,
    ),
    true,
  );
});
