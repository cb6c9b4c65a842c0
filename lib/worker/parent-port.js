'use strict';

// What the pool has to know of the listeners of parentPort, and how it reaches them.

const { parentPort } = require('node:worker_threads');

const isNode = !process.versions.bun && !process.versions.deno;

// parentPort of Deno is no EventTarget: its listeners are those of the worker's global scope.
const target = typeof parentPort.dispatchEvent === 'function' ? parentPort : globalThis;

const onmessage = Object.getOwnPropertyDescriptor(parentPort, 'onmessage') ??
  Object.getOwnPropertyDescriptor(Object.getPrototypeOf(parentPort), 'onmessage');

const { addEventListener } = target; // before calls of it are watched

// Node counts its listeners. Bun does not count all kinds, and Deno none.
const known = new Set();

/** Whether somebody listens for messages. */
function isHeard() {
  if (!isNode) return known.size > 0 || Boolean(Reflect.apply(onmessage.get, parentPort, []));
  try {
    return parentPort.listenerCount('message') > 0;
  } catch {
    return false; // Node 20 and 22 throw after removeAllListeners()
  }
}

/** Emits a message; returns whether somebody heard it. */
function emit(value) {
  // Bun's emit() loses the value, and Deno has none.
  if (isNode) return parentPort.emit('message', value);
  const heard = isHeard();
  if (heard) target.dispatchEvent(new MessageEvent('message', { data: value }));
  return heard;
}

/** A method of parentPort is about to be called, with these arguments. */
function called(name, [type, listener, options]) {
  if (isNode) return;
  if (name === 'removeAllListeners') known.clear();
  else if (type !== 'message') return;
  else if (name.startsWith('off') || name.startsWith('remove')) known.delete(listener);
  else if (name === 'once' || options?.once) addOnce(listener);
  else known.add(listener);
}

function addOnce(listener) {
  known.add(listener);
  const forget = () => known.delete(listener);
  Reflect.apply(addEventListener, target, ['message', forget, { once: true }]);
}

module.exports = { onmessage, isHeard, emit, called };
