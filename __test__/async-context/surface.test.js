'use strict';

// The surface of AsyncContext: keys, attributes, names and lengths, as for built-in classes.

const test = require('node:test');
const assert = require('node:assert/strict');
const { inspect } = require('node:util');
const asyncContext = require('../../async-context.js');
const { AsyncContext, Variable, Snapshot } = asyncContext;
const { shape } = require('../helpers/shape.js');
const { thrown, typeError } = require('../helpers/thrown.js');

test('the module exports AsyncContext and both classes', () => {
  assert.deepEqual(shape(asyncContext), {
    AsyncContext: 'cew',
    Variable: 'cew fn Variable/1',
    Snapshot: 'cew fn Snapshot/0',
  });
});

test('AsyncContext is an ordinary object with both classes', () => {
  assert.deepEqual(shape(AsyncContext), {
    'Variable': 'cw fn Variable/1',
    'Snapshot': 'cw fn Snapshot/0',
    'Symbol(Symbol.toStringTag)': 'c',
  });
  assert.equal(AsyncContext.Variable, Variable);
  assert.equal(AsyncContext.Snapshot, Snapshot);
  assert.equal(Object.getPrototypeOf(AsyncContext), Object.prototype);
  assert.equal(String(AsyncContext), '[object AsyncContext]');
  assert.deepEqual(
    thrown(() => AsyncContext()),
    typeError('AsyncContext is not a function'),
  );
  assert.deepEqual(
    thrown(() => new AsyncContext()),
    typeError('AsyncContext is not a constructor'),
  );
});

test('Variable and its prototype have the keys of the proposal', () => {
  assert.deepEqual(shape(Variable), { length: 'c', name: 'c', prototype: '' });
  assert.deepEqual(shape(Variable.prototype), {
    'constructor': 'cw fn Variable/1',
    'run': 'cw fn run/2',
    'name': 'c get',
    'get': 'cw fn get/0',
    'Symbol(Symbol.toStringTag)': 'c',
  });
  assert.equal(Object.getPrototypeOf(Variable), Function.prototype);
  assert.equal(Object.getPrototypeOf(Variable.prototype), Object.prototype);
});

test('Snapshot and its prototype have the keys of the proposal', () => {
  assert.deepEqual(shape(Snapshot), {
    length: 'c',
    name: 'c',
    prototype: '',
    wrap: 'cw fn wrap/1',
  });
  assert.deepEqual(shape(Snapshot.prototype), {
    'constructor': 'cw fn Snapshot/0',
    'run': 'cw fn run/1',
    'Symbol(Symbol.toStringTag)': 'c',
  });
  assert.equal(Object.getPrototypeOf(Snapshot), Function.prototype);
  assert.equal(Object.getPrototypeOf(Snapshot.prototype), Object.prototype);
});

test('the getter of name has the right name and length', () => {
  const { get } = Object.getOwnPropertyDescriptor(Variable.prototype, 'name');
  assert.deepEqual([get.name, get.length], ['get name', 0]);
});

test('methods are not constructors', () => {
  for (const method of [
    Variable.prototype.run,
    Variable.prototype.get,
    Snapshot.prototype.run,
    Snapshot.wrap,
  ]) {
    assert.equal(Object.hasOwn(method, 'prototype'), false);
    assert.throws(() => new method(), TypeError);
  }
});

test('toStringTag is the name in the proposal', () => {
  assert.equal(String(new Variable()), '[object AsyncContext.Variable]');
  assert.equal(String(new Snapshot()), '[object AsyncContext.Snapshot]');
});

test('instances have no own keys, new or used, and are extensible', () => {
  const variable = new Variable({ name: 'n', defaultValue: 1 });
  const snapshot = variable.run(1, () => {
    assert.deepEqual(Reflect.ownKeys(variable), []);
    return new Snapshot();
  });
  snapshot.run(() => assert.deepEqual(Reflect.ownKeys(snapshot), []));
  for (const instance of [variable, snapshot]) {
    instance.extra = 1;
    assert.deepEqual(Reflect.ownKeys(instance), ['extra']);
  }
});

test('util.inspect shows neither name nor values', () => {
  const variable = new Variable({ name: 'secret', defaultValue: 'secret' });
  variable.run('secret', () => {
    // Node 26 leaves out the class name if the tag contains it.
    assert.match(inspect(variable), /^(Variable \[)?AsyncContext\.Variable\]? {}$/);
    assert.match(inspect(new Snapshot()), /^(Snapshot \[)?AsyncContext\.Snapshot\]? {}$/);
  });
});

test('structuredClone gives an empty object: nothing reaches another thread', () => {
  const variable = new Variable({ name: 'n', defaultValue: 1 });
  assert.deepEqual(structuredClone(variable), {});
  assert.deepEqual(
    variable.run(1, () => structuredClone(new Snapshot())),
    {},
  );
});

test('a call without new throws a TypeError', () => {
  assert.deepEqual(
    thrown(() => Variable()),
    typeError("Class constructor Variable cannot be invoked without 'new'"),
  );
  assert.deepEqual(
    thrown(() => Snapshot()),
    typeError("Class constructor Snapshot cannot be invoked without 'new'"),
  );
});

test('no method enters a value without a scope', () => {
  for (const key of ['enterWith', 'exit', 'disable', 'withScope', 'set', Symbol.dispose]) {
    if (key === undefined) continue;
    assert.equal(key in new Variable(), false, String(key));
    assert.equal(key in new Snapshot(), false, String(key));
  }
});

test('subclasses inherit everything', () => {
  class Sub extends Variable {
    constructor() {
      super({ name: 'sub', defaultValue: 'default' });
    }
    get() {
      return `sub ${super.get()}`;
    }
  }
  const variable = new Sub();
  assert.ok(variable instanceof Variable);
  assert.equal(variable.name, 'sub');
  assert.equal(variable.get(), 'sub default');
  assert.equal(
    variable.run(1, () => variable.get()),
    'sub 1',
  );

  class SubSnapshot extends Snapshot {
    run(fn) {
      return `sub ${super.run(fn)}`;
    }
  }
  const snapshot = variable.run(2, () => new SubSnapshot());
  assert.ok(snapshot instanceof Snapshot);
  assert.equal(
    snapshot.run(() => variable.get()),
    'sub sub 2',
  );
  assert.equal(SubSnapshot.wrap, Snapshot.wrap);
  assert.equal(SubSnapshot.wrap(() => 1)(), 1);
});

test('Reflect.construct takes the prototype from the new target', () => {
  function Target() {}
  for (const [Class, ...before] of [[Variable, 'value'], [Snapshot]]) {
    const instance = Reflect.construct(Class, [], Target);
    assert.equal(Object.getPrototypeOf(instance), Target.prototype);
    assert.equal(Reflect.apply(Class.prototype.run, instance, [...before, () => 5]), 5);
  }
});
