'use strict';

// Shapes: lists of keys that plain objects have in common, known by a number in the whole process.
//
// - The encoder finds the number by walking a trie, one node per key. A node keeps one child at
//   hand, so that objects of the same make are found by one comparison per key: the first one,
//   until another was looked for some times in a row.
// - The registry is asked for a number when a list comes for the third time, and then whenever it
//   has come twice as often. The less room the registry has, the more uses it asks for: see
//   src/value/shapes/. Until then objects carry their keys.
// - Objects that serve as dictionaries would grow the trie forever. So long lists are not kept,
//   and a full trie is dropped: it learns again what is used.
// - The decoder learns a shape when it meets its number, and compiles an object literal for it when
//   it was used some times. Where code generation is forbidden it stays with the loop.

const {
  Array,
  Function,
  Map,
  Object,
  defineProperty,
  getOfMap,
  parse,
  setInMap,
  stringify,
} = require('./built-ins.js');
const { NO_SHAPE } = require('../wire/answer.js');

/** @typedef {ShapeNode} Node */
/** @typedef {import('./decode.js').Read} Read */
/** @typedef {(read: Read, input: import('./decode.js').DecoderInput) => object} Make */

const MAX_KEYS = 128;
const MAX_KEY_LENGTH = 128;
const MAX_NODES = 8192;
const USES_BEFORE_COMPILING = 16;
const MAX_COMPILED_KEYS = 64;

// A list that comes less often is not worth a number.
const USES_BEFORE_ASKING = 3;

// So many looks in a row for the same one of the others bring it to hand. Fewer would do so all the
// time where objects have objects in them.
const REPEATS_BEFORE_CHANGE = 16;

/**
 * @typedef {object} ShapeRegistry
 * @property {(text: string, uses: number) => number} id  NO_SHAPE if the keys have no number
 * @property {(id: number) => string} keys  the text
 * @property {number} first  the smallest number
 */

/**
 * What there is without the addon: objects carry their keys.
 *
 * @type {ShapeRegistry}
 */
let registry = {
  first: 0,
  id: () => NO_SHAPE,
  keys(id) {
    throw new Error(`There is no shape ${id}`);
  },
};

class ShapeNode {
  /**
   * @param {ShapeNode | null} parent
   * @param {string | undefined} key
   * @param {number} depth
   * @param {boolean} kept
   */
  constructor(parent, key, depth, kept) {
    this.parent = parent;
    this.key = key;
    this.depth = depth;
    this.kept = kept;
    /** @type {number} */
    this.id = NO_SHAPE;
    this.uses = 0;
    this.askAt = kept ? USES_BEFORE_ASKING : Infinity;
    /** @type {string | undefined} */
    this.firstKey = undefined;
    /** @type {ShapeNode | null} */
    this.first = null;
    /** @type {Map<string, ShapeNode> | null} */
    this.others = null;
    /** @type {ShapeNode | null} */
    this.latest = null; // of the others, the one that was looked for last
    this.repeats = 0; // how often in a row
  }
}

// Objects without keys need a closer look at encoding and so have no number.
function newRoot() {
  const node = new ShapeNode(null, undefined, 0, true);
  node.askAt = Infinity;
  return node;
}

let root = newRoot();
let nodes = 0;

/** The node of no keys, where every walk begins. */
const rootNode = () => root;

/**
 * The node for one more key.
 *
 * @param {ShapeNode} node
 * @param {string} key
 */
function nextNode(node, key) {
  if (node.firstKey === key) return /** @type {ShapeNode} */ (node.first);
  const known = node.others === null ? undefined : getOfMap(node.others, key);
  if (known !== undefined) {
    if (node.latest !== known) {
      node.latest = known;
      node.repeats = 0;
    } else if (++node.repeats === REPEATS_BEFORE_CHANGE) putFirst(node, key, known);
    return known;
  }
  const kept = node.kept && node.depth < MAX_KEYS && key.length <= MAX_KEY_LENGTH;
  const next = new ShapeNode(node, key, node.depth + 1, kept);
  // Beyond the limits a walk has nodes of its own, which nothing else keeps.
  if (!kept) return next;
  if (++nodes > MAX_NODES) {
    root = newRoot();
    nodes = 0;
  }
  if (node.first === null) {
    node.firstKey = key;
    node.first = next;
  } else {
    node.others ??= new Map();
    setInMap(node.others, key, next);
  }
  return next;
}

/**
 * @param {ShapeNode} node
 * @param {string} key
 * @param {ShapeNode} child  one of `others`
 */
function putFirst(node, key, child) {
  // It may be there already: what has become the first one stays there.
  setInMap(node.others, node.firstKey, node.first);
  node.firstKey = key;
  node.first = child;
  node.latest = null;
}

/**
 * The keys on the way to a node.
 *
 * @param {ShapeNode} node
 */
function keysOf(node) {
  const keys = new Array(node.depth);
  for (let at = node; at.parent !== null; at = at.parent) keys[at.depth - 1] = at.key;
  return keys;
}

/**
 * For one more object whose keys end here and have no number yet: the number they have got, or
 * NO_SHAPE if the object carries its keys.
 *
 * @param {ShapeNode} node
 */
function shapeId(node) {
  if (++node.uses < node.askAt) return NO_SHAPE;
  node.askAt *= 2;
  return (node.id = registry.id(textOf(node), node.uses));
}

/**
 * Key by key: whatever was added to Array.prototype has no say.
 *
 * @param {ShapeNode} node
 */
function textOf(node) {
  const keys = keysOf(node);
  let text = `[${stringify(keys[0])}`;
  for (let i = 1; i < keys.length; i++) text += `,${stringify(keys[i])}`;
  return `${text}]`;
}

class Shape {
  /** @param {string[]} keys */
  constructor(keys) {
    this.keys = keys;
    this.uses = 0;
    /** @type {Make | null} */
    this.make = null; // once compiled
  }
}

// By their numbers, which begin with `registry.first`.
/** @type {(Shape | undefined)[]} */
let shapes = [];
let first = registry.first;
let mayCompile = true;

/**
 * The shape with the number `id`.
 *
 * @param {number} id
 */
function shapeOf(id) {
  return shapes[id - first] ?? learnShape(id);
}

/** @param {number} id */
function learnShape(id) {
  const shape = new Shape(parse(registry.keys(id)));
  const index = id - first;
  // Without a gap, which would slow it down.
  for (let i = shapes.length; i < index; i++) shapes[i] = undefined;
  return (shapes[index] = shape);
}

/**
 * Counts a use of a shape that is not compiled; compiles it when it is worth it.
 *
 * @param {Shape} shape
 */
function countUse(shape) {
  if (++shape.uses !== USES_BEFORE_COMPILING || !mayCompile) return;
  if (shape.keys.length > MAX_COMPILED_KEYS) return;
  // In brackets, `__proto__` is a key like any other.
  let properties = '';
  for (let i = 0; i < shape.keys.length; i++) {
    const key = shape.keys[i];
    properties += `${key === '__proto__' ? '["__proto__"]' : stringify(key)}: read(input), `;
  }
  try {
    shape.make = /** @type {Make} */ (new Function('read', 'input', `return { ${properties}};`));
  } catch (error) {
    // By its name, because the function may be of another realm. The stack is used up.
    if (/** @type {Error} */ (error).name === 'RangeError') shape.uses = 0;
    else mayCompile = false; // --disallow-code-generation-from-strings
  }
}

const plainPrototype = Object.prototype;

/**
 * Makes an own property, whatever the prototype says to the key.
 *
 * @param {Record<string, unknown>} object
 * @param {string} key
 * @param {unknown} value
 */
function setOwn(object, key, value) {
  if (key in plainPrototype) {
    defineProperty(object, key, {
      __proto__: null,
      value,
      writable: true,
      enumerable: true,
      configurable: true,
    });
  } else {
    object[key] = value;
  }
}

/**
 * Sets where the numbers of shapes come from, and forgets those known so far.
 *
 * @param {ShapeRegistry} source
 */
function useShapes(source) {
  registry = source;
  first = source.first;
  root = newRoot();
  nodes = 0;
  shapes = [];
  mayCompile = true;
}

module.exports = { rootNode, nextNode, keysOf, shapeId, shapeOf, countUse, setOwn, useShapes };
