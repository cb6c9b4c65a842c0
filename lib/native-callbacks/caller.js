'use strict';

// Who has called a function: JavaScript, or Node from its event loop.

const { captureStackTrace } = Error;
const { defineProperty, getOwnPropertyDescriptor, isExtensible } = Object;

// Through this file Node calls back for an addon while hooks are enabled.
const TRAMPOLINE = 'node:internal/async_hooks';

/** @type {(_: unknown, sites: NodeJS.CallSite[]) => any}  whatever is returned becomes the stack */
const isFromJavaScript = (_, sites) => sites.some((site) => site.getFileName() !== TRAMPOLINE);

/**
 * Whether `fn`, which is running, was called by a function of JavaScript, directly or through
 * native code. `undefined` if it is not known, because Error is frozen or has accessors. Takes some
 * microseconds.
 *
 * @param {Function} fn
 * @returns {boolean | undefined}
 */
function isCalledByJavaScript(fn) {
  const limit = getOwnPropertyDescriptor(Error, 'stackTraceLimit');
  let prepare = getOwnPropertyDescriptor(Error, 'prepareStackTrace');
  if (limit?.writable !== true) return undefined;
  if (prepare === undefined && isExtensible(Error)) prepare = defineAbsent();
  if (prepare?.writable !== true) return undefined;
  /** @type {{ stack?: any }} */
  const trace = {};
  try {
    Error.stackTraceLimit = 2;
    Error.prepareStackTrace = isFromJavaScript;
    captureStackTrace(trace, fn);
    return trace.stack;
  } finally {
    Error.prepareStackTrace = prepare.value;
    Error.stackTraceLimit = limit.value;
  }
}

// It stays, because to delete it each time takes longer than everything else here.
function defineAbsent() {
  const descriptor = {
    __proto__: null,
    value: undefined,
    writable: true,
    enumerable: false,
    configurable: true,
  };
  defineProperty(Error, 'prepareStackTrace', descriptor);
  return descriptor;
}

module.exports = { isCalledByJavaScript };
