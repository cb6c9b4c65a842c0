'use strict';

// Puts our classes into node:async_hooks.

const fs = require('node:fs');
const { threadId } = require('node:worker_threads');
const { AsyncLocalStorage } = require('../async-local-storage.js');
const { AsyncResource, onBound, onSecondDestroy } = require('../async-resource.js');
const { engine, watchReaders } = require('../engine/index.js');
const { REPLACED } = require('../node/replaced.js');
const { variable } = require('../package/environment.js');
const { resourceDestroyed } = require('../errors/context.js');
const builtin = require('../node/async-hooks.js');
const { Replacements } = require('./replacements.js');
const { chosenNativeCallbacks } = require('./native-callbacks.js');
const { preloadIn } = require('./workers.js');

const STANDARD_ERROR = 2;
const classes = { AsyncLocalStorage, AsyncResource };

/** Does nothing if it was called before, by this or by another copy of the package. */
function register() {
  const asyncHooks = new Replacements('node:async_hooks', require('node:async_hooks'));
  if (asyncHooks.marked(REPLACED) !== undefined) return;
  const nativeCallbacks = chosenNativeCallbacks();
  if (engine.layered) return reportRefusal(engine.reason);
  const descriptors = Object.getOwnPropertyDescriptors(builtin);
  const replaced =
    asyncHooks.mark(REPLACED, { descriptors, undo }) &&
    Object.entries(classes).every(([name, ours]) => asyncHooks.replace(name, ours));
  if (!replaced) {
    asyncHooks.restore();
    return reportRefusal('node:async_hooks cannot be changed');
  }
  for (const [name, ours] of Object.entries(classes)) {
    acceptInstances(ours, /** @type {any} */ (builtin)[name]);
  }
  const threads = new Replacements('node:worker_threads', require('node:worker_threads'));
  threads.replace('Worker', preloadIn(threads.exports.Worker));
  Replacements.publish();
  onSecondDestroy(warnOnce());
  const kept =
    nativeCallbacks && require('../native-callbacks/index.js').keep(nativeCallbacks, register);
  watchReaders(); // now, because an addon may be loaded in any way before the first scope
  if ('asyncResource' in builtin.AsyncResource.bind(() => {})) onBound(nameResource);
  report(`registered in thread ${threadId}, engine ${engine.name} (${engine.reason})`);

  function undo() {
    asyncHooks.restore();
    threads.restore();
    kept?.disable();
    Replacements.publish();
    for (const ours of Object.values(classes)) Reflect.deleteProperty(ours, Symbol.hasInstance);
    onSecondDestroy(undefined);
    onBound(undefined);
  }
}

/**
 * Puts Node's classes back. Instances of ours that were made meanwhile go on as they are. For
 * tests: a program that has read a class keeps the one it has read.
 */
function unregister() {
  new Replacements('node:async_hooks', require('node:async_hooks')).marked(REPLACED)?.undo();
}

/**
 * An instance of Node's class, made before register() or inside of Node, is also an instance of the
 * class that now has the name. Subclasses still go by their prototypes.
 *
 * @param {Function} ours
 * @param {Function} nodes
 */
function acceptInstances(ours, nodes) {
  const { [Symbol.hasInstance]: isInstance } = Function.prototype;
  Object.defineProperty(ours, Symbol.hasInstance, {
    __proto__: null,
    configurable: true,
    /** @param {unknown} instance */
    value(instance) {
      return isInstance.call(this, instance) || (this === ours && isInstance.call(nodes, instance));
    },
  });
}

/**
 * Deprecated, and gone from Node 26, but programs written for earlier versions may read it.
 *
 * @param {any} bound
 * @param {object} resource
 */
function nameResource(bound, resource) {
  bound.asyncResource = resource;
}

// Programs written for Node may call emitDestroy() twice: nothing tells them not to.
function warnOnce() {
  let warned = false;
  return (/** @type {number} */ asyncId) => {
    if (warned) return;
    warned = true;
    const { message, code } = resourceDestroyed(asyncId);
    process.emitWarning(message, { __proto__: null, code });
  };
}

/** @param {string} reason */
function reportRefusal(reason) {
  report(`not registered in thread ${threadId}, the built-in classes stay: ${reason}`);
}

/**
 * Written synchronously, because process.stderr of a Worker goes through the main thread.
 *
 * @param {string} text
 */
function report(text) {
  const level = variable('ASYNC_HOOKS_RS_DEBUG');
  if (level === undefined || level === '' || level === '0') return;
  try {
    fs.writeSync(STANDARD_ERROR, `async-hooks-rs: ${text}\n`);
  } catch {
    // There is no standard error, and the program runs without the message.
  }
}

module.exports = { register, unregister };
