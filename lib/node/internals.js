'use strict';

// Reads variables that a function of Node closes over, through the inspector: `Runtime.evaluate`
// returns the function, and its internal property [[Scopes]] has the variables. The inspector is
// part of Node's public interface; what is read with it is not, so every reader must expect
// `undefined`.
//
// A session lives for one `read()`. It enables no domain (neither Runtime nor Debugger), so nothing
// is deoptimized; an attached debugger sees a few evaluated scripts of one line, and nothing else.

const { AsyncResource } = require('./async-hooks.js');

/** @typedef {(fn: any, name: string) => any} Closure  Node's own, so of no known type */
/** @typedef {import('node:inspector').Session} Session */

// The evaluated expressions run in the main realm and reach our functions through an object of that
// realm. The package may be evaluated in another one (vm contexts, test runners), but Node's own
// functions are always of the main realm.
const HANDOVER = Symbol.for('async-hooks-rs.internals');
const MainFunctionPrototype = Object.getPrototypeOf(AsyncResource);
const [meeting, meetingExpression] = Object.isExtensible(MainFunctionPrototype)
  ? [MainFunctionPrototype, 'Function.prototype']
  : [process, 'process']; // --frozen-intrinsics
const HANDOVER_EXPRESSION = `${meetingExpression}[Symbol.for('async-hooks-rs.internals')]`;

/** Whether Node has the inspector, and the permission model allows it. */
function available() {
  if (!process.features.inspector) return false;
  return process.permission === undefined || process.permission.has('inspector');
}

/**
 * Calls `reader(closure, evaluate)`. `closure(fn, name)` is the value of the variable `name` that
 * the function `fn` closes over, `undefined` if there is none; `evaluate(expression)` is an object
 * of the main realm. Returns what `reader` returns, and `undefined` where the inspector cannot be
 * used.
 *
 * @template T
 * @param {(closure: Closure, evaluate: (expression: string) => any) => T} reader
 */
function read(reader) {
  if (!available()) return undefined;
  /** @type {Session | undefined} */
  let opened;
  try {
    const { Session } = require('node:inspector');
    const session = (opened = new Session());
    session.connect();
    return reader(
      (fn, name) => closureVariable(session, fn, name),
      (expression) => take(session, post(session, 'Runtime.evaluate', { expression }).result),
    );
  } catch {
    // Refused by a policy, or answered in a form that this code does not know.
    return undefined;
  } finally {
    opened?.disconnect();
  }
}

/**
 * A session in the same thread answers before post() returns.
 *
 * @param {Session} session
 * @param {string} method
 * @param {object} params
 * @returns {any}  whatever the method answers
 */
function post(session, method, params) {
  let answer;
  /** @type {Error | null | undefined} */
  let failure;
  session.post(method, params, (error, result) => {
    failure = error;
    answer = result;
  });
  if (failure) throw new Error(failure.message);
  return answer;
}

/**
 * @param {Session} session
 * @param {string} objectId
 */
function ownProperties(session, objectId) {
  return post(session, 'Runtime.getProperties', { objectId, ownProperties: true });
}

/**
 * @param {Session} session
 * @param {unknown} fn
 * @param {string} name
 */
function closureVariable(session, fn, name) {
  const { result } = handOver({ fn }, () =>
    post(session, 'Runtime.evaluate', { expression: `${HANDOVER_EXPRESSION}.fn` }),
  );
  const { internalProperties } = ownProperties(session, result.objectId);
  const scopes = internalProperties.find(
    (/** @type {any} */ property) => property.name === '[[Scopes]]',
  );
  for (const { value: scope } of ownProperties(session, scopes.value.objectId).result) {
    // The last is the global object, whose properties are not closed over.
    if (scope?.objectId === undefined || scope.description === 'Global') continue;
    // As an object, because describing every variable of a module takes much longer.
    const { object: variables } = take(session, scope);
    if (Object.hasOwn(variables, name)) return variables[name];
  }
  return undefined;
}

/**
 * The value behind the inspector's description of it.
 *
 * @param {Session} session
 * @param {any} description
 */
function take(session, description) {
  if (description?.objectId === undefined) return description?.value;
  let value;
  const taker = {
    take(/** @type {unknown} */ taken) {
      value = taken;
    },
  };
  handOver(taker, () =>
    post(session, 'Runtime.callFunctionOn', {
      objectId: description.objectId,
      functionDeclaration: `function() { ${HANDOVER_EXPRESSION}.take(this); }`,
    }),
  );
  return value;
}

/**
 * @template T
 * @param {object} object
 * @param {() => T} evaluation
 */
function handOver(object, evaluation) {
  Object.defineProperty(meeting, HANDOVER, { __proto__: null, value: object, configurable: true });
  try {
    return evaluation();
  } finally {
    delete meeting[HANDOVER];
  }
}

module.exports = { available, read };
