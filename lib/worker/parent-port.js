'use strict';

// What the pool has to know of the listeners of parentPort, and how it reaches them. Node's counts
// them; where that is not so, they are recorded here as they come and go.

const { parentPort } = require('node:worker_threads');

/** @typedef {{ forget: () => void, signal: AbortSignal | undefined }} Registration */

const port = /** @type {import('node:worker_threads').MessagePort} */ (parentPort);

// parentPort of Deno is no EventTarget: its listeners are those of the worker's global scope.
const target = /** @type {EventTarget} */ (
  typeof port.dispatchEvent === 'function' ? port : globalThis
);

const onmessage = /** @type {PropertyDescriptor} */ (
  Object.getOwnPropertyDescriptor(port, 'onmessage') ??
    Object.getOwnPropertyDescriptor(Object.getPrototypeOf(port), 'onmessage')
);

const { addEventListener, removeEventListener } = target; // before calls of them are watched

// Bun counts not all kinds, and its emit() loses the value; Deno counts none and has no emit(). By
// their names: to try it out on Node, with the first event of the thread, takes as long as half of
// this program.
const countsListeners = !('bun' in process.versions || 'deno' in process.versions);

// The listeners for messages, each with its registration. The same function may be among those of
// on() and of addEventListener(), and among these once with `capture` and once without.
const ofOn = new Map();
const ofAddEventListener = { bubbling: new Map(), capture: new Map() };
const kinds = [ofOn, ...Object.values(ofAddEventListener)];

/** Whether somebody listens for messages. */
function isHeard() {
  if (!countsListeners) {
    return (
      kinds.some(({ size }) => size > 0) ||
      Boolean(Reflect.apply(/** @type {Function} */ (onmessage.get), port, []))
    );
  }
  try {
    return port.listenerCount('message') > 0;
  } catch {
    return false; // Node 20 and 22 throw after removeAllListeners()
  }
}

/**
 * Emits a message; returns whether somebody heard it.
 *
 * @param {unknown} value
 */
function emit(value) {
  if (countsListeners) return port.emit('message', value);
  const heard = isHeard();
  if (heard) target.dispatchEvent(new MessageEvent('message', { __proto__: null, data: value }));
  return heard;
}

/**
 * A method of parentPort is about to be called.
 *
 * @param {string} name
 * @param {Iterable<any>} args
 */
function willCall(name, [type, listener, options]) {
  if (countsListeners || type !== 'message') return;
  if (name === 'on' || name === 'addListener') add(ofOn, listener, {});
  else if (name === 'once') add(ofOn, listener, { once: true });
  else if (name === 'addEventListener') add(kindOf(options), listener, Object(options));
}

/**
 * It was called, and did not throw.
 *
 * @param {string} name
 * @param {IArguments} args
 */
function didCall(name, args) {
  const [type, listener, options] = args;
  if (name === 'removeAllListeners') {
    // Those of addEventListener() stay.
    if (args.length === 0 || type === 'message') for (const key of ofOn.keys()) remove(ofOn, key);
  } else if (type === 'message') {
    if (name === 'off' || name === 'removeListener') remove(ofOn, listener);
    else if (name === 'removeEventListener') remove(kindOf(options), listener);
  }
}

/** @param {any} options */
function kindOf(options) {
  const capture = typeof options === 'object' ? options?.capture : options;
  return capture ? ofAddEventListener.capture : ofAddEventListener.bubbling;
}

/**
 * @param {Map<Function | object, Registration>} listeners
 * @param {Function | object} listener
 * @param {{ once?: boolean, signal?: AbortSignal }} options
 */
function add(listeners, listener, { once, signal }) {
  if (Object(listener) !== listener || signal?.aborted) return;
  if (listeners.has(listener)) return; // the host ignores it, too
  const forget = () => remove(listeners, listener);
  listeners.set(listener, { forget, signal });
  if (once) {
    const oneCall = { __proto__: null, once: true };
    Reflect.apply(addEventListener, target, ['message', forget, oneCall]);
  }
  signal?.addEventListener('abort', forget);
}

/**
 * @param {Map<Function | object, Registration>} listeners
 * @param {Function | object} listener
 */
function remove(listeners, listener) {
  const registration = listeners.get(listener);
  if (registration === undefined) return;
  listeners.delete(listener);
  const { forget, signal } = registration;
  Reflect.apply(removeEventListener, target, ['message', forget]);
  signal?.removeEventListener('abort', forget);
}

module.exports = { onmessage, isHeard, emit, willCall, didCall };
