'use strict';

// Instances created with another `new.target`: Reflect.construct(), subclasses, other realms. They
// behave like those of the built-in classes of the language.

const test = require('node:test');
const assert = require('node:assert/strict');
const vm = require('node:vm');
const { AsyncContext } = require('../../async-context.js');
const evaluate = require('../fixtures/other-realm.js');

const names = ['Variable', 'Snapshot'];
const noObjects = [undefined, null, true, '', Symbol('prototype'), 1, 1n];

const { construct } = Reflect;
const { getPrototypeOf } = Object;

/** The methods of the class work, whatever the prototype of the instance is. */
function works(name, instance) {
  const { run } = AsyncContext[name].prototype;
  assert.equal(
    name === 'Variable' ? run.call(instance, 1, () => 'ran') : run.call(instance, () => 'ran'),
    'ran',
  );
}

for (const name of names) {
  const Class = AsyncContext[name];

  test(`${name}: a prototype that is not an object falls back to that of the class`, () => {
    function NewTarget() {}
    for (const target of [NewTarget, NewTarget.bind(), new Proxy(NewTarget, {})]) {
      for (const value of noObjects) {
        target.prototype = value;
        const instance = construct(Class, [], target);
        assert.equal(getPrototypeOf(instance), Class.prototype);
        works(name, instance);
      }
    }
  });

  test(`${name}: a prototype that is an object is kept, including an Object.prototype`, () => {
    function NewTarget() {}
    const bare = Object.create(null);
    const foreign = vm.runInNewContext('Object.prototype');
    for (const value of [bare, foreign, Object.prototype, Array.prototype, () => {}]) {
      NewTarget.prototype = value;
      const instance = construct(Class, [], NewTarget);
      assert.equal(getPrototypeOf(instance), value);
      works(name, instance);
    }
  });

  test(`${name}: a subclass, and one with a changed prototype chain, keep their prototypes`, () => {
    class Sub extends Class {}
    assert.equal(getPrototypeOf(new Sub()), Sub.prototype);
    works(name, new Sub());
    Object.setPrototypeOf(Sub.prototype, null);
    assert.equal(getPrototypeOf(new Sub()), Sub.prototype);
  });

  test(`${name}: an error from reading the prototype is passed on`, () => {
    const target = Object.defineProperty(function NewTarget() {}.bind(), 'prototype', {
      get() {
        throw new RangeError('mine');
      },
    });
    assert.throws(() => construct(Class, [], target), RangeError);
  });

  test(`${name}: the realm of newTarget decides, if the package is evaluated there`, () => {
    const context = vm.createContext();
    const there = evaluate('async-context.js', context).AsyncContext[name];
    const NewTarget = vm.runInContext('(function NewTarget() {})', context);
    const wrapped = vm.runInContext('(target) => [target.bind(), new Proxy(target, {})]', context);
    for (const value of noObjects) {
      NewTarget.prototype = value;
      for (const target of [NewTarget, ...wrapped(NewTarget)]) {
        const instance = construct(Class, [], target);
        assert.equal(getPrototypeOf(instance), there.prototype);
        works(name, instance);
      }
    }
  });

  test(`${name}: for a realm without the package, the prototype is ours`, () => {
    const NewTarget = vm.runInNewContext('(function NewTarget() {})');
    NewTarget.prototype = null;
    assert.equal(getPrototypeOf(construct(Class, [], NewTarget)), Class.prototype);
  });

  test(`${name}: with two copies in a realm, each falls back to its own class`, () => {
    const context = vm.createContext();
    const copies = [1, 2].map(() => evaluate('async-context.js', context).AsyncContext[name]);
    const NewTarget = vm.runInContext('(function NewTarget() {})', context);
    NewTarget.prototype = null;
    for (const copy of copies) {
      assert.equal(getPrototypeOf(construct(copy, [], NewTarget)), copy.prototype);
    }
  });
}
