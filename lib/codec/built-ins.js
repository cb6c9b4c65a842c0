'use strict';

// The functions of the language and of Node that the codec calls, as they were when the package was
// loaded. The codec does not call replacements that a program, a test or an agent makes later.
//
// A function that gets a region's memory has to be the host's own, even if the program replaced it
// earlier: Rust writes into that memory, so nobody else may have it. Then the language's functions
// come from another realm, and Buffer's get a copy.

// Not the global one, which realms that a program makes do not have.
const { Buffer } = require('node:buffer');
const util = require('node:util');
const tag = require('../wire/tag.js');

/**
 * @typedef {{
 *   <P extends object, K extends keyof P>(prototype: P, name: K): (self: P) => P[K];
 *   (prototype: object, name: PropertyKey): ((self: object) => unknown) | undefined;
 * }} GetterOf
 *
 * @typedef {{ new (buffer: ArrayBuffer): object, name: string, prototype: object }} BinaryKind
 *
 * @typedef {(new (...args: any[]) => Error) & { name: string }} ErrorClass  their arguments differ
 */

const textOf = Function.prototype.toString;

/** @param {unknown} value */
function textOfFunction(value) {
  return typeof value === 'function' ? Reflect.apply(textOf, value, []) : '';
}

/**
 * What V8 has in one line, others have in three.
 *
 * @param {string} text
 */
const inOneLine = (text) => text.replace(/\s+/g, ' ');

/** @param {string} name */
const nativeText = (name) => `function ${name}() { [native code] }`;

let realm;

// A realm in which nothing has been replaced yet.
function otherRealm() {
  realm ??= require('node:vm').runInNewContext('globalThis');
  return realm;
}

/**
 * What `find` finds in this realm if it is the host's own, else what it finds in a new one.
 *
 * @template T
 * @param {string} name
 * @param {(global: typeof globalThis) => T} find
 * @returns {T}
 */
function original(name, find) {
  const own = find(globalThis);
  const text = textOfFunction(own);
  const isOwn = text === nativeText(name) || inOneLine(text) === nativeText(name);
  return isOwn ? own : find(otherRealm());
}

const bind = original('bind', (global) => global.Function.prototype.bind);
const call = original('call', (global) => global.Function.prototype.call);
const apply = original('apply', (global) => global.Reflect.apply);

/**
 * The method as a function whose first argument is `this`.
 *
 * @type {<T, A extends unknown[], R>(method: (this: T, ...args: A) => R) =>
 *   (self: T, ...args: A) => R}
 */
const uncurry = (method) => apply(bind, call, [method]);

/**
 * @param {object} prototype
 * @param {PropertyKey} name
 */
const getterIn = (prototype, name) => Object.getOwnPropertyDescriptor(prototype, name)?.get;

/** @param {typeof globalThis} global */
const typedArrayIn = (global) => Object.getPrototypeOf(global.Uint8Array.prototype);
/** @param {string} name */
const ofBytes = (name) => original(name, (global) => typedArrayIn(global)[name]);
/** @param {string} name */
const getterOfBytes = (name) =>
  original(`get ${name}`, (global) => getterIn(typedArrayIn(global), name));
/** @param {Exclude<keyof DataView, symbol>} name */
const ofView = (name) => original(name, (global) => global.DataView.prototype[name]);

/** For the memory of regions. */
const memory = Object.freeze({
  ArrayBuffer: original('ArrayBuffer', (global) => global.ArrayBuffer),
  SharedArrayBuffer: original('SharedArrayBuffer', (global) => global.SharedArrayBuffer),
  Bytes: original('Uint8Array', (global) => global.Uint8Array),
  bytes: {
    copyWithin: ofBytes('copyWithin'),
    set: ofBytes('set'),
    slice: ofBytes('slice'),
    subarray: ofBytes('subarray'),
  },
  gettersOfBytes: {
    buffer: getterOfBytes('buffer'),
    byteLength: getterOfBytes('byteLength'),
    byteOffset: getterOfBytes('byteOffset'),
    length: getterOfBytes('length'),
  },
  View: original('DataView', (global) => global.DataView),
  view: {
    getUint32: ofView('getUint32'),
    setUint32: ofView('setUint32'),
    getInt32: ofView('getInt32'),
    setInt32: ofView('setInt32'),
    getFloat64: ofView('getFloat64'),
    setFloat64: ofView('setFloat64'),
    getBigInt64: ofView('getBigInt64'),
    setBigInt64: ofView('setBigInt64'),
  },
});

/**
 * @param {unknown} method
 * @param {string} name
 */
function isHostsOwn(method, name) {
  const text = textOfFunction(method);
  return isHostsText(text, name) || isHostsText(inOneLine(text), name);
}

/**
 * Native, or what Node has had around the native one since 22.
 *
 * @param {string} text
 * @param {string} name
 */
function isHostsText(text, name) {
  return (
    text === nativeText(name) ||
    [name, `${name}Static`].some(
      (inner) =>
        text.endsWith(`return ${inner}(this, start, end); }`) ||
        text.endsWith(`return ${inner}(this, string, offset, length); }`),
    )
  );
}

const setBytes = uncurry(memory.bytes.set);

/**
 * (start, end) => string, as a method of bytes. What is not the host's own gets a copy of them.
 *
 * @param {'latin1Slice' | 'ucs2Slice'} name
 */
function reader(name) {
  const read = Buffer.prototype[name];
  if (isHostsOwn(read, name)) return read;
  /** @type {(this: Uint8Array, start: number, end: number) => string} */
  const readCopy = function (start, end) {
    const copy = Buffer.alloc(end - start);
    for (let i = start; i < end; i++) copy[i - start] = this[i];
    return apply(read, copy, [0, end - start]);
  };
  return readCopy;
}

/**
 * (string, at, length) => void, likewise.
 *
 * @param {'latin1Write' | 'ucs2Write'} name
 */
function writer(name) {
  const write = Buffer.prototype[name];
  if (isHostsOwn(write, name)) return write;
  /** @type {(this: Uint8Array, string: string, at: number, length: number) => void} */
  const writeCopy = function (string, at, length) {
    const copy = Buffer.alloc(length);
    apply(write, copy, [string, 0, length]);
    setBytes(this, copy, at);
  };
  return writeCopy;
}

/** Strings in the memory of regions. */
const text = Object.freeze({
  readLatin1: reader('latin1Slice'),
  readUtf16: reader('ucs2Slice'),
  writeLatin1: writer('latin1Write'),
  writeUtf16: writer('ucs2Write'),
});

/**
 * The constructors at the places that the numbers say.
 *
 * @param {[number: number, constructor: any][]} pairs
 * @returns {readonly any[]}  of the type that is declared where it is kept
 */
function byNumber(pairs) {
  /** @type {unknown[]} */
  const list = [];
  for (const [number, constructor] of pairs) list[number] = constructor;
  return Object.freeze(list);
}

/**
 * The constructors of binary data. Float16Array is missing in older versions.
 *
 * @type {readonly (BinaryKind | undefined)[]}
 */
const binaryKinds = byNumber([
  [tag.KIND_ARRAY_BUFFER, ArrayBuffer],
  [tag.KIND_DATA_VIEW, DataView],
  [tag.KIND_INT8_ARRAY, Int8Array],
  [tag.KIND_UINT8_ARRAY, Uint8Array],
  [tag.KIND_UINT8_CLAMPED_ARRAY, Uint8ClampedArray],
  [tag.KIND_INT16_ARRAY, Int16Array],
  [tag.KIND_UINT16_ARRAY, Uint16Array],
  [tag.KIND_INT32_ARRAY, Int32Array],
  [tag.KIND_UINT32_ARRAY, Uint32Array],
  [tag.KIND_FLOAT32_ARRAY, Float32Array],
  [tag.KIND_FLOAT64_ARRAY, Float64Array],
  [tag.KIND_BIG_INT64_ARRAY, BigInt64Array],
  [tag.KIND_BIG_UINT64_ARRAY, BigUint64Array],
  [tag.KIND_FLOAT16_ARRAY, globalThis.Float16Array],
]);

/**
 * The constructors of errors. Each version of Node has some that older ones lack, and WebAssembly
 * can be switched off.
 *
 * @type {readonly (ErrorClass | undefined)[]}
 */
const errorClasses = byNumber([
  [tag.CLASS_ERROR, Error],
  [tag.CLASS_EVAL_ERROR, EvalError],
  [tag.CLASS_RANGE_ERROR, RangeError],
  [tag.CLASS_REFERENCE_ERROR, ReferenceError],
  [tag.CLASS_SYNTAX_ERROR, SyntaxError],
  [tag.CLASS_TYPE_ERROR, TypeError],
  [tag.CLASS_URI_ERROR, URIError],
  [tag.CLASS_AGGREGATE_ERROR, AggregateError],
  [tag.CLASS_DOM_EXCEPTION, globalThis.DOMException],
  [tag.CLASS_SUPPRESSED_ERROR, globalThis.SuppressedError],
  [tag.CLASS_QUOTA_EXCEEDED_ERROR, globalThis.QuotaExceededError],
  [tag.CLASS_COMPILE_ERROR, globalThis.WebAssembly?.CompileError],
  [tag.CLASS_LINK_ERROR, globalThis.WebAssembly?.LinkError],
  [tag.CLASS_RUNTIME_ERROR, globalThis.WebAssembly?.RuntimeError],
  [tag.CLASS_SUSPEND_ERROR, globalThis.WebAssembly?.SuspendError],
]);

/**
 * The getter of a property as a function of the object; `undefined` for a property that this host
 * does not have.
 *
 * @type {GetterOf}
 */
const getterOf = (/** @type {object} */ prototype, /** @type {PropertyKey} */ name) => {
  const getter = getterIn(prototype, name);
  // What every host has is there.
  return /** @type {any} */ (getter === undefined ? undefined : uncurry(getter));
};

module.exports = {
  memory,
  text,
  uncurry,
  /**
   * @param {object} prototype
   * @param {string} name
   */
  getterOf,

  // Constructors, and what they have of their own.
  Array,
  ArrayBuffer,
  BigInt,
  DataView,
  Date,
  Error,
  Function,
  Map,
  Object,
  RegExp,
  Set,
  String,
  Uint8Array,
  binaryKinds,
  errorClasses,
  isArray: Array.isArray,
  asIntN: BigInt.asIntN,
  parse: JSON.parse,
  stringify: JSON.stringify,
  defineProperty: Object.defineProperty,
  getOwnPropertyDescriptor: Object.getOwnPropertyDescriptor,
  getPrototypeOf: Object.getPrototypeOf,
  hasOwn: Object.hasOwn,
  ownKeys: Object.keys,
  setPrototypeOf: Object.setPrototypeOf,

  bigIntToString: uncurry(BigInt.prototype.toString),
  charCodeAt: uncurry(String.prototype.charCodeAt),
  slice: uncurry(String.prototype.slice),
  exec: uncurry(RegExp.prototype.exec),
  forEachOfMap: uncurry(Map.prototype.forEach),
  forEachOfSet: uncurry(Set.prototype.forEach),
  addToSet: uncurry(Set.prototype.add),
  deleteOfMap: uncurry(Map.prototype.delete),
  getOfMap: uncurry(Map.prototype.get),
  setInMap: uncurry(Map.prototype.set),
  getTime: uncurry(Date.prototype.getTime),
  isPrototypeOf: uncurry(Object.prototype.isPrototypeOf),

  inspect: util.inspect,
  types: Object.freeze({ ...util.types }),
};
