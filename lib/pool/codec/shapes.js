'use strict';

// Shapes: lists of keys that plain objects have in common, known by a number in the whole process.
//
// - The encoder finds the number by walking a trie, one node per key. A node keeps its first child
//   at hand, so that objects of the same make are found by one comparison per key.
// - A list gets a number when it comes for the second time; until then, and when the process has no
//   more numbers, objects carry their keys.
// - Objects that serve as dictionaries would grow the trie for ever. So long lists are not kept,
//   and a trie that is full is dropped: what is used will be learnt again.
// - The decoder learns a shape when it meets its number, and compiles an object literal for it when
//   it was used some times. Where code generation is forbidden it stays with the loop.

const MAX_KEYS = 128;
const MAX_KEY_LENGTH = 128;
const MAX_NODES = 8192;
const USES_BEFORE_COMPILING = 16;
const MAX_COMPILED_KEYS = 64;

// In place of an id.
const NEW = -1;
const SEEN = -2;
const WITHOUT = -3;

// What there is without the addon: objects carry their keys.
let registry = {
  id: () => -1,
  keys(id) { throw new Error(`There is no shape ${id}`); },
};

class ShapeNode {
  constructor(parent, key, depth, kept) {
    this.parent = parent;
    this.key = key;
    this.depth = depth;
    this.kept = kept;
    this.id = kept ? NEW : WITHOUT;
    this.firstKey = undefined;
    this.first = null;
    this.others = null;
  }
}

// Objects without keys need a closer look at encoding and so have no number.
function newRoot() {
  const node = new ShapeNode(null, undefined, 0, true);
  node.id = WITHOUT;
  return node;
}

let root = newRoot();
let nodes = 0;

/** The node of no keys, where every walk begins. */
const rootNode = () => root;

/** The node for one more key. */
function nextNode(node, key) {
  if (node.firstKey === key) return node.first;
  const known = node.others?.get(key);
  if (known !== undefined) return known;
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
    node.others.set(key, next);
  }
  return next;
}

/** The keys on the way to a node. */
function keysOf(node) {
  const keys = new Array(node.depth);
  for (let at = node; at.parent !== null; at = at.parent) keys[at.depth - 1] = at.key;
  return keys;
}

/** The number of the shape that ends here, or a negative one if the object carries its keys. */
function shapeId(node) {
  if (node.id === SEEN) {
    // Key by key: whatever was added to Array.prototype has no say.
    const id = registry.id(`[${keysOf(node).map((key) => JSON.stringify(key)).join(',')}]`);
    node.id = id < 0 ? WITHOUT : id;
  } else if (node.id === NEW) {
    node.id = SEEN;
  }
  return node.id;
}

class Shape {
  constructor(keys) {
    this.keys = keys;
    this.uses = 0;
    this.make = null; // (read, input) => object, once compiled
  }
}

let shapes = [];
let mayCompile = true;

/** The shape with the number `id`. */
function shapeOf(id) {
  return shapes[id] ?? learnShape(id);
}

function learnShape(id) {
  const shape = new Shape(JSON.parse(registry.keys(id)));
  while (shapes.length < id) shapes.push(undefined); // without a gap, which would slow it down
  return shapes[id] = shape;
}

/** Counts a use of a shape that is not compiled; compiles it when it is worth it. */
function countUse(shape) {
  if (++shape.uses !== USES_BEFORE_COMPILING || !mayCompile) return;
  if (shape.keys.length > MAX_COMPILED_KEYS) return;
  // In brackets, `__proto__` is a key like any other.
  const properties = shape.keys.map((key) => `${
    key === '__proto__' ? '["__proto__"]' : JSON.stringify(key)}: read(input)`);
  try {
    shape.make = new Function('read', 'input', `return { ${properties.join(', ')} };`);
  } catch {
    mayCompile = false; // --disallow-code-generation-from-strings
  }
}

const plainPrototype = Object.prototype;

/** Makes an own property, whatever the prototype says to the key. */
function setOwn(object, key, value) {
  if (key in plainPrototype) {
    Object.defineProperty(object, key, {
      __proto__: null, value, writable: true, enumerable: true, configurable: true,
    });
  } else {
    object[key] = value;
  }
}

/** Sets where the numbers of shapes come from, and forgets those known so far. */
function useShapes({ id, keys }) {
  registry = { id, keys };
  root = newRoot();
  nodes = 0;
  shapes = [];
  mayCompile = true;
}

module.exports = {
  rootNode, nextNode, keysOf, shapeId, shapeOf, countUse, setOwn, useShapes,
};
