'use strict';

// AsyncContext, as TC39's proposal specifies it. The value of a Variable is an entry in the same
// frames in which AsyncLocalStorage keeps its stores, so each side captures the entries of the
// other. Everything that is entered has a scope here, which puts the whole previous frame back.

const { engine } = require('./engine/index.js');
const { StorageKey, StorageLife, push } = require('./frames/frame.js');
const { install, read, open, close } = require('./context/scope.js');
const { invalidArgType, notAnInstance } = require('./errors/context.js');
const { hasOption, option } = require('./node/option.js');
const { prototypesOf, sharePrototypes } = require('./context/realms.js');

// A constant of the module, so that the optimizing compiler inlines V8's accessor into the callers.
const { current, scopes } = engine;
const { apply } = Reflect;
const { defineProperties, getPrototypeOf, hasOwn, setPrototypeOf } = Object;
const { prototype: ObjectPrototype } = Object;

/** @typedef {(...args: any[]) => unknown} Callback  the program's, which knows its arguments */

// What the finder of lost context has called with each new variable and its options, and with each
// new snapshot.
/** @type {((made: Variable | Snapshot, options?: unknown) => void) | undefined} */
let noticeMade;

/** @param {(made: Variable | Snapshot, options?: unknown) => void} notice */
function onMade(notice) {
  noticeMade = notice;
}

class Variable {
  #name = '';
  #defaultValue = undefined;
  #key = new StorageKey();

  /** @param {unknown} options */
  constructor(options) {
    if (new.target !== Variable) settlePrototype(this, new.target, 'Variable');
    if (isObject(options)) {
      if (hasOption(options, 'name')) this.#name = `${/** @type {any} */ (options).name}`;
      this.#defaultValue = option(options, 'defaultValue');
    }
    new StorageLife(this, this.#key); // the key never changes, as there is no disable()
    if (noticeMade !== undefined) noticeMade(this, options);
  }

  /**
   * @param {unknown} value
   * @param {Callback} fn
   * @param {...unknown} args
   */
  run(value, fn, ...args) {
    if (!(isObject(this) && #key in this)) throw notAnInstance('Variable', this, variableRun);
    if (typeof fn !== 'function') throw invalidArgType('fn', 'function', fn, variableRun);
    install();
    const prior = current();
    const outer = open(push(prior, this.#key, value), prior);
    try {
      return apply(fn, undefined, args);
    } finally {
      if (scopes === undefined) close(outer);
      else scopes.innermost = outer;
    }
  }

  get name() {
    if (!(isObject(this) && #key in this)) throw notAnInstance('Variable', this, variableName);
    return this.#name;
  }

  get() {
    let key;
    try {
      key = this.#key; // quicker than checking for it first
    } catch {
      throw notAnInstance('Variable', this, variableGet);
    }
    return read(key, this.#defaultValue);
  }
}

class Snapshot {
  #frame = current();

  constructor() {
    if (new.target !== Snapshot) settlePrototype(this, new.target, 'Snapshot');
    if (noticeMade !== undefined) noticeMade(this);
  }

  /** @param {Callback} fn */
  static wrap(fn) {
    if (typeof fn !== 'function') throw invalidArgType('fn', 'function', fn, snapshotWrap);
    const frame = current();
    // A method, because the function must not be a constructor.
    const { wrapped } = {
      /** @param {...unknown} args */
      wrapped(...args) {
        const outer = open(frame, current());
        try {
          return apply(fn, this, args);
        } finally {
          if (scopes === undefined) close(outer);
          else scopes.innermost = outer;
        }
      },
    };
    return copyNameAndLength(wrapped, fn, 'wrapped');
  }

  /**
   * @param {Callback} fn
   * @param {...unknown} args
   */
  run(fn, ...args) {
    if (!(isObject(this) && #frame in this)) throw notAnInstance('Snapshot', this, snapshotRun);
    if (typeof fn !== 'function') throw invalidArgType('fn', 'function', fn, snapshotRun);
    const outer = open(this.#frame, current());
    try {
      return apply(fn, undefined, args);
    } finally {
      if (scopes === undefined) close(outer);
      else scopes.innermost = outer;
    }
  }
}

// What errors leave out of their stacks.
const { run: variableRun, get: variableGet } = Variable.prototype;
const { get: variableName } = /** @type {PropertyDescriptor} */ (
  Object.getOwnPropertyDescriptor(Variable.prototype, 'name')
);
const { run: snapshotRun } = Snapshot.prototype;
const { wrap: snapshotWrap } = Snapshot;

tag(Variable.prototype, 'AsyncContext.Variable');
tag(Snapshot.prototype, 'AsyncContext.Snapshot');

// Its properties are those of a built-in namespace, such as Intl.
const AsyncContext = tag(
  defineProperties(
    {},
    {
      Variable: { __proto__: null, value: Variable, writable: true, configurable: true },
      Snapshot: { __proto__: null, value: Snapshot, writable: true, configurable: true },
    },
  ),
  'AsyncContext',
);

const prototypes = { Variable: Variable.prototype, Snapshot: Snapshot.prototype };
sharePrototypes(prototypes);

/**
 * Where the prototype of `newTarget` is no object, an instance gets that of the class in the realm
 * of `newTarget`, as instances of built-in classes do. What class syntax gives it there is
 * Object.prototype of that realm.
 *
 * @param {object} instance
 * @param {Function} newTarget
 * @param {'Variable' | 'Snapshot'} name
 */
function settlePrototype(instance, newTarget, name) {
  const given = getPrototypeOf(instance);
  // Only an Object.prototype, which has nothing above it, may have been the fallback.
  if (getPrototypeOf(given) !== null || isObject(newTarget.prototype)) return;
  const ofRealm = given === ObjectPrototype ? prototypes : (prototypesOf(given) ?? prototypes);
  setPrototypeOf(instance, ofRealm[name]);
}

/**
 * @template {object} T
 * @param {T} object
 * @param {string} value
 */
function tag(object, value) {
  return defineProperties(object, {
    [Symbol.toStringTag]: { __proto__: null, value, configurable: true },
  });
}

/**
 * @param {unknown} value
 * @returns {value is object}
 */
function isObject(value) {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

/**
 * CopyNameAndLength of the ShadowRealm proposal; Function.prototype.bind() does the same.
 *
 * @template {Function} T
 * @param {T} fn
 * @param {Function} target
 * @param {string} prefix
 */
function copyNameAndLength(fn, target, prefix) {
  const length = hasOwn(target, 'length') ? target.length : 0;
  const size = typeof length === 'number' ? Math.trunc(length) || 0 : 0;
  const { name } = target;
  return defineProperties(fn, {
    length: { __proto__: null, value: Math.max(size, 0) },
    name: { __proto__: null, value: `${prefix} ${typeof name === 'string' ? name : ''}` },
  });
}

module.exports = { AsyncContext, Variable, Snapshot, onMade };
