'use strict';

// The surface of AsyncResource: keys, descriptors, names and lengths, and how instances look.

const test = require('node:test');
const assert = require('node:assert/strict');
const asyncHooks = require('node:async_hooks');
const { AsyncResource } = require('../../index.js');
const { runProgram } = require('../helpers/printing-program.js');
const { newTargets } = require('../helpers/new-targets.js');
const { shape } = require('../helpers/shape.js');
const { thrown, typeError } = require('../helpers/thrown.js');

test("the class has the static keys of Node's class", () => {
  assert.deepEqual(shape(AsyncResource), {
    length: 'c',
    name: 'c',
    prototype: '',
    bind: 'cw fn bind/3',
  });
});

test("the class has the name and length of Node's class", () => {
  assert.deepEqual([AsyncResource.name, AsyncResource.length], ['AsyncResource', 1]);
});

test("the prototype has the keys and descriptors of Node's class", () => {
  assert.deepEqual(shape(AsyncResource.prototype), {
    constructor: 'cw fn AsyncResource/1',
    runInAsyncScope: 'cw fn runInAsyncScope/2',
    emitDestroy: 'cw fn emitDestroy/0',
    asyncId: 'cw fn asyncId/0',
    triggerAsyncId: 'cw fn triggerAsyncId/0',
    bind: 'cw fn bind/2',
  });
});

test('methods are own or inherited as documented', () => {
  const lengths = { runInAsyncScope: 2, emitDestroy: 0, asyncId: 0, triggerAsyncId: 0, bind: 2 };
  for (const [name, length] of Object.entries(lengths)) {
    const method = AsyncResource.prototype[name];
    assert.deepEqual([method.name, method.length], [name, length]);
  }
});

test("an instance is one of Node's", () => {
  class Sub extends AsyncResource {}
  for (const resource of [new AsyncResource('T'), new Sub('T')]) {
    assert.ok(resource instanceof AsyncResource);
    assert.ok(resource instanceof asyncHooks.AsyncResource);
  }
  assert.equal(new asyncHooks.AsyncResource('T') instanceof AsyncResource, false);
});

test('own keys are the symbols that Node puts there, and no strings', () => {
  const keys = Reflect.ownKeys(new AsyncResource('T'));
  assert.ok(keys.every((key) => typeof key === 'symbol'));
  const descriptions = keys.map(({ description }) => description);
  for (const key of ['async_id_symbol', 'trigger_async_id_symbol']) {
    assert.ok(descriptions.includes(key), key);
  }
});

for (const [title, prepare] of [
  ['without a hook', ''],
  ['with an init hook', 'createHook({ init() {} }).enable();'],
  ['with a destroy hook', 'createHook({ destroy() {} }).enable();'],
]) {
  test(`own keys are those of Node's class while no store is entered, ${title}`, async () => {
    const [ours, theirs] = await runProgram(`
      ${prepare}
      const keys = (Class) => [undefined, { requireManualDestroy: true }]
        .map((options) => Reflect.ownKeys(new Class('T', options)).map(String));
      print([keys(AsyncResource), keys(require('node:async_hooks').AsyncResource)]);
    `);
    assert.deepEqual(ours, theirs);
  });
}

test('no Symbol.toStringTag; structuredClone gives an empty object', () => {
  const resource = new AsyncResource('T');
  assert.equal(String(resource), '[object Object]');
  assert.deepEqual(structuredClone(resource), {});
  assert.equal(JSON.stringify(resource), '{}');
});

test('a call without new throws a TypeError', () => {
  assert.deepEqual(
    thrown(() => AsyncResource('T')),
    typeError("Class constructor AsyncResource cannot be invoked without 'new'"),
  );
});

test('asyncId() and triggerAsyncId() on any other receiver are undefined', () => {
  const { asyncId, triggerAsyncId } = AsyncResource.prototype;
  assert.deepEqual([asyncId.call({}), triggerAsyncId.call({})], [undefined, undefined]);
});

test("an instance for another new.target has the prototype of Node's class, and works", () => {
  const { runInAsyncScope, emitDestroy } = AsyncResource.prototype;
  for (const target of newTargets()) {
    const instances = [AsyncResource, asyncHooks.AsyncResource].map((Class) =>
      Reflect.construct(Class, ['EXAMPLE'], target),
    );
    const [ours, nodes] = instances.map(Object.getPrototypeOf);
    assert.equal(ours, nodes);
    assert.equal(
      runInAsyncScope.call(instances[0], () => 'ran'),
      'ran',
    );
    assert.equal(emitDestroy.call(instances[0]), instances[0]);
  }
});
