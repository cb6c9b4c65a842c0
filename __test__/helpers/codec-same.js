'use strict';

// Compares two values as graphs: the same kinds, contents and order of keys, and the same objects
// at the same places, as after structuredClone().

const { types } = require('node:util');

// The properties of a clone: no class except built-in ones.
function prototypeAfterCloning(value) {
  const prototype = Object.getPrototypeOf(value);
  if (prototype === null) return Object.prototype;
  return prototype === Buffer.prototype ? Uint8Array.prototype : prototype;
}

/**
 * Returns undefined if `copy` is a correct clone of `value`, otherwise the place and kind of the
 * difference. With `errorsAsCloned`, `value` is a clone by V8, which has lost the properties of
 * errors; without `stacks`, the stacks of errors may differ.
 */
function difference(value, copy, { errorsAsCloned = false, stacks = true } = {}) {
  const copies = new Map();
  const originals = new Map();
  return walk(value, copy, 'value');

  function walk(a, b, path) {
    if (typeof a !== 'object' || a === null) {
      return Object.is(a, b) ? undefined : `${path}: ${String(a)} became ${String(b)}`;
    }
    if (typeof b !== 'object' || b === null) return `${path}: an object became ${String(b)}`;
    if (copies.has(a) || originals.has(b)) {
      return copies.get(a) === b && originals.get(b) === a ? undefined : `${path}: another object`;
    }
    copies.set(a, b);
    originals.set(b, a);
    if (prototypeAfterCloning(a) !== Object.getPrototypeOf(b)) return `${path}: another prototype`;
    return special(a, b, path) ?? properties(a, b, path);
  }

  function list(a, b, path) {
    if (a.length !== b.length) return `${path}: ${a.length} became ${b.length}`;
    for (let i = 0; i < a.length; i++) {
      const found = walk(a[i], b[i], `${path}[${i}]`);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  function special(a, b, path) {
    if (types.isMap(a)) return list([...a].flat(), [...b].flat(), `${path}.entries`);
    if (types.isSet(a)) return list([...a], [...b], `${path}.items`);
    if (types.isDate(a)) return walk(a.getTime(), b.getTime(), `${path}.time`);
    if (types.isRegExp(a)) {
      return b.lastIndex === 0 ? walk(`${a}`, `${b}`, path) : `${path}: its lastIndex`;
    }
    if (types.isBoxedPrimitive(a)) return walk(a.valueOf(), b.valueOf(), `${path}.boxed`);
    if (types.isAnyArrayBuffer(a)) return bytes(new Uint8Array(a), new Uint8Array(b), path);
    if (ArrayBuffer.isView(a)) {
      const over = (view) => new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
      return bytes(over(a), over(b), path);
    }
    return types.isNativeError(a) ? error(a, b, path) : undefined;
  }

  function bytes(a, b, path) {
    return Buffer.compare(a, b) === 0 ? undefined : `${path}: other bytes`;
  }

  function error(a, b, path) {
    if (!types.isNativeError(b)) return `${path}: not an error`;
    for (const key of stacks ? ['name', 'message', 'stack'] : ['name', 'message']) {
      const found = walk(a[key], b[key], `${path}.${key}`);
      if (found !== undefined) return found;
    }
    if (errorsAsCloned && !Object.hasOwn(a, 'cause')) return undefined;
    return Object.hasOwn(a, 'cause') !== Object.hasOwn(b, 'cause')
      ? `${path}: its cause`
      : walk(a.cause, b.cause, `${path}.cause`);
  }

  function properties(a, b, path) {
    if (ArrayBuffer.isView(a) || types.isBoxedPrimitive(a)) return undefined;
    if (errorsAsCloned && types.isNativeError(a)) return undefined;
    const keys = Object.keys(a);
    const copied = Object.keys(b);
    if (JSON.stringify(keys) !== JSON.stringify(copied)) return `${path}: ${keys} became ${copied}`;
    if (Array.isArray(a) && a.length !== b.length) return `${path}: its length`;
    for (const key of keys) {
      const found = walk(a[key], b[key], `${path}.${key}`);
      if (found !== undefined) return found;
    }
    return undefined;
  }
}

module.exports = { difference };
