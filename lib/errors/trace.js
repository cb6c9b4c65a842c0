'use strict';

// The failures of the finder of lost context, with their stable codes.

const { coded, describe, withCause } = require('./coded.js');

/** Part of the public interface; never reused for another meaning. */
const codes = Object.freeze({
  CONTEXT_LOSS: 'ERR_ASYNC_HOOKS_RS_CONTEXT_LOSS',
  HOST: 'ERR_ASYNC_HOOKS_RS_TRACE_HOST',
  NOT_STARTED: 'ERR_ASYNC_HOOKS_RS_TRACE_NOT_STARTED',
  OPTIONS: 'ERR_ASYNC_HOOKS_RS_TRACE_OPTIONS',
  UNAVAILABLE: 'ERR_ASYNC_HOOKS_RS_TRACE_UNAVAILABLE',
  // Node's.
  INVALID_ARG_TYPE: 'ERR_INVALID_ARG_TYPE',
});

/** The context is not there, or another one is. */
class ContextLossError extends Error {
  /**
   * @param {string} message
   * @param {any[]} findings
   * @param {Function} hidden
   */
  constructor(message, findings, hidden) {
    super(message);
    this.code = codes.CONTEXT_LOSS;
    this.findings = findings;
    this.finding = findings[0] ?? null;
    Error.captureStackTrace(this, hidden);
  }

  static {
    Object.defineProperty(this.prototype, 'name', {
      __proto__: null,
      value: 'ContextLossError',
      writable: true,
      configurable: true,
    });
  }
}

/** Another host than Node. */
function noNode() {
  return coded(Error, codes.HOST, 'Tracing needs Node.js: other hosts load modules in other ways');
}

function notStarted() {
  return coded(
    Error,
    codes.NOT_STARTED,
    'Nothing is traced: call trace.start() first, or start the program with ' +
      '"npx async-hooks-rs trace" or "node --import async-hooks-rs/trace"',
  );
}

/**
 * @param {string} name
 * @param {string} expected
 * @param {unknown} received
 */
function invalidOption(name, expected, received) {
  const message = `The "${name}" must be ${expected}. Received ${describe(received)}`;
  return coded(TypeError, codes.INVALID_ARG_TYPE, message);
}

/**
 * @param {string} variable
 * @param {string} text
 * @param {unknown} cause
 */
function unreadableOptions(variable, text, cause) {
  const message =
    `The environment variable ${variable} must be the options as JSON. ` +
    `Received ${describe(text)}`;
  return withCause(coded(Error, codes.OPTIONS, message), cause);
}

module.exports = { ContextLossError, codes, invalidOption, noNode, notStarted, unreadableOptions };
