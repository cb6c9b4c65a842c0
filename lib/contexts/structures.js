'use strict';

// Structures of plain data: which keys and elements there are, at every depth, but not the values.
// Stores of a program have few of them. One that was used some times gets functions of its own, in
// which V8 knows each property: they compare and copy many times as fast as a loop over the keys.
// Where code generation is forbidden it stays with the loop.

const { getPrototypeOf } = Object;
const { isArray } = Array;
const { stringify } = JSON;
const plainPrototype = Object.prototype;
const arrayPrototype = Array.prototype;
const { Function } = globalThis;

const USES_BEFORE_COMPILING = 16;

/** The kinds of primitives: two equal numbers may differ in their sign, other values may not. */
const kinds = Object.freeze({ NUMBER: 'number', OTHER: 'other' });

/**
 * What is at one place: an object or array, or the kind of a primitive. `at` has the places of the
 * primitives among all of the structure.
 *
 * @typedef {ObjectNode | ArrayNode} Node
 * @typedef {Node | 'number' | 'other'} Child
 * @typedef {{ lists: string[][], variables: number }} Context  of code: keys, and how many names
 * @typedef {(value: any, primitives: readonly unknown[]) => boolean} Matches
 * @typedef {(primitives: readonly unknown[]) => any} Copy
 */

class ObjectNode {
  /**
   * @param {string[]} keys
   * @param {Child[]} children
   * @param {number[]} at
   */
  constructor(keys, children, at) {
    this.keys = keys;
    this.children = children;
    this.at = at;
  }

  /**
   * @param {any} value
   * @param {readonly unknown[]} primitives
   */
  matches(value, primitives) {
    const { keys } = this;
    if (!isPlain(value) || !hasKeys(value, keys)) return false;
    return keys.every((key, i) => matchesAt(this, i, value[key], primitives));
  }

  /** @param {readonly unknown[]} primitives */
  copy(primitives) {
    /** @type {Record<string, unknown>} */
    const copy = {};
    this.keys.forEach((key, i) => {
      copy[key] = copyAt(this, i, primitives);
    });
    return copy;
  }

  /**
   * Statements that return false unless the value of the variable matches.
   *
   * @param {string} variable
   * @param {Context} context
   * @returns {string}
   */
  matchingCode(variable, context) {
    const list = context.lists.push(this.keys) - 1;
    return [
      // isPlain() and hasKeys(), in place: here V8 knows the class and the keys.
      `if (typeof ${variable} !== 'object' || ${variable} === null) return false;`,
      `if (isArray(${variable})) return false;`,
      `prototype = getPrototypeOf(${variable});`,
      'if (prototype !== plainPrototype && prototype !== null) return false;',
      'i = 0;',
      `for (const key in ${variable}) if (key !== list${list}[i++]) return false;`,
      `if (i !== ${this.keys.length}) return false;`,
      ...this.keys.map((key, i) =>
        matchingCodeAt(this, i, `${variable}[${stringify(key)}]`, context),
      ),
    ].join('\n');
  }

  /** @returns {string} */
  copyingCode() {
    const properties = this.keys.map((key, i) => `${stringify(key)}: ${copyingCodeAt(this, i)}`);
    return `{${properties.join(', ')}}`;
  }
}

class ArrayNode {
  /**
   * @param {Child[]} children
   * @param {number[]} at
   */
  constructor(children, at) {
    this.children = children;
    this.at = at;
  }

  /**
   * @param {any} value
   * @param {readonly unknown[]} primitives
   */
  matches(value, primitives) {
    const { length } = this.children;
    if (!isPlainArray(value, length)) return false;
    return this.children.every((_, i) => matchesAt(this, i, value[i], primitives));
  }

  /**
   * @param {readonly unknown[]} primitives
   * @returns {unknown[]}
   */
  copy(primitives) {
    return this.children.map((_, i) => copyAt(this, i, primitives));
  }

  /**
   * @param {string} variable
   * @param {Context} context
   * @returns {string}
   */
  matchingCode(variable, context) {
    return [
      `if (!isArray(${variable}) || ${variable}.length !== ${this.children.length}) return false;`,
      `if (getPrototypeOf(${variable}) !== arrayPrototype) return false;`,
      ...this.children.map((_, i) => matchingCodeAt(this, i, `${variable}[${i}]`, context)),
    ].join('\n');
  }

  /** @returns {string} */
  copyingCode() {
    return `[${this.children.map((_, i) => copyingCodeAt(this, i)).join(', ')}]`;
  }
}

/**
 * @param {Node} node
 * @param {number} i
 * @param {any} value
 * @param {readonly unknown[]} primitives
 * @returns {boolean}
 */
function matchesAt({ children, at }, i, value, primitives) {
  const child = children[i];
  return typeof child === 'string'
    ? isSame(value, primitives[at[i]])
    : child.matches(value, primitives);
}

/**
 * @param {Node} node
 * @param {number} i
 * @param {readonly unknown[]} primitives
 * @returns {unknown}
 */
function copyAt({ children, at }, i, primitives) {
  const child = children[i];
  return typeof child === 'string' ? primitives[at[i]] : child.copy(primitives);
}

/**
 * @param {Node} node
 * @param {number} i
 * @param {string} expression
 * @param {Context} context
 */
function matchingCodeAt({ children, at }, i, expression, context) {
  const child = children[i];
  const primitive = `primitives[${at[i]}]`;
  if (child === kinds.OTHER) return `if (${expression} !== ${primitive}) return false;`;
  if (child === kinds.NUMBER) return `if (!isSame(${expression}, ${primitive})) return false;`;
  const variable = `value${context.variables++}`;
  return `const ${variable} = ${expression};\n${child.matchingCode(variable, context)}`;
}

/**
 * @param {Node} node
 * @param {number} i
 */
function copyingCodeAt({ children, at }, i) {
  const child = children[i];
  return typeof child === 'string' ? `primitives[${at[i]}]` : child.copyingCode();
}

/**
 * Object.is(), which V8 does not inline where it knows no types.
 *
 * @param {any} a
 * @param {any} b
 */
function isSame(a, b) {
  if (a === b) return a !== 0 || 1 / a === 1 / b;
  return a !== a && b !== b; // oxlint-disable-line no-self-compare -- NaN
}

/** @param {any} value */
function isPlain(value) {
  if (typeof value !== 'object' || value === null || isArray(value)) return false;
  const prototype = getPrototypeOf(value);
  return prototype === plainPrototype || prototype === null;
}

/**
 * @param {any} value
 * @param {number} length
 */
function isPlainArray(value, length) {
  return isArray(value) && value.length === length && getPrototypeOf(value) === arrayPrototype;
}

/**
 * Whether these are the keys, in this order. Not if a program has extended Object.prototype by
 * enumerable properties.
 *
 * @param {object} value
 * @param {string[]} keys
 */
function hasKeys(value, keys) {
  let i = 0;
  for (const key in value) if (key !== keys[i++]) return false;
  return i === keys.length;
}

// What the code uses, by its names there.
const used = { isArray, isSame, getPrototypeOf, plainPrototype, arrayPrototype };

let mayCompile = true;

class Structure {
  #root;
  #uses = 0;
  /** @type {Matches} */
  #matches;
  /** @type {Copy} */
  #copy;

  /** @param {Node} root */
  constructor(root) {
    this.#root = root;
    this.#matches = (value, primitives) => {
      this.#count();
      return root.matches(value, primitives);
    };
    this.#copy = (primitives) => {
      this.#count();
      return root.copy(primitives);
    };
  }

  /**
   * @param {any} value
   * @param {readonly unknown[]} primitives
   */
  matches(value, primitives) {
    return this.#matches(value, primitives);
  }

  /** @param {readonly unknown[]} primitives */
  copy(primitives) {
    return this.#copy(primitives);
  }

  #count() {
    if (++this.#uses !== USES_BEFORE_COMPILING || !mayCompile) return;
    /** @type {Context} */
    const context = { lists: [], variables: 0 };
    const matching = this.#root.matchingCode('value', context);
    try {
      const body = `let i, prototype;\n${matching}\nreturn true;`;
      // A variable for each list, which takes a tenth less time than an array of them.
      const names = [...Object.keys(used), ...context.lists.map((_, i) => `list${i}`)];
      this.#matches = new Function(...names, `return (value, primitives) => {${body}};`)(
        ...Object.values(used),
        ...context.lists,
      );
      this.#copy = /** @type {Copy} */ (
        new Function('primitives', `return ${this.#root.copyingCode()};`)
      );
    } catch (error) {
      // The stack is used up.
      if (error instanceof RangeError) this.#uses = 0;
      else mayCompile = false; // --disallow-code-generation-from-strings
    }
  }
}

module.exports = { ArrayNode, ObjectNode, Structure, isPlain, isSame, kinds };
