'use strict';

// Reads variables that a function of Node closes over, through the inspector: `Runtime.evaluate`
// gives the function, its internal property [[Scopes]] the variables. The inspector is part of
// Node's public interface; what is read with it is not, so every reader must expect `undefined`.
//
// The session lives for the length of one `read()`. No domain is enabled (neither Runtime nor
// Debugger), so nothing is deoptimized and an attached debugger sees nothing of it.

// How the evaluated expressions reach our functions. Not registered anywhere else.
const HANDOVER = Symbol.for('async-hooks-rs.internals');
const HANDOVER_EXPRESSION = "process[Symbol.for('async-hooks-rs.internals')]";

/** Whether the inspector is there and allowed: not without it, nor under the permission model. */
function available() {
  if (!process.features.inspector) return false;
  return process.permission === undefined || process.permission.has('inspector');
}

/**
 * Calls `reader(closure)` with `closure(fn, name)`: the value of the variable `name` that the
 * function `fn` closes over, `undefined` if there is none. Returns what `reader` returns, and
 * `undefined` where the inspector cannot be used.
 */
function read(reader) {
  if (!available()) return undefined;
  let session;
  try {
    const { Session } = require('node:inspector');
    session = new Session();
    session.connect();
    return reader((fn, name) => closureVariable(session, fn, name));
  } catch {
    // Refused by a policy, or answered in a form that this code does not know.
    return undefined;
  } finally {
    session?.disconnect();
  }
}

// A session in the same thread answers before post() returns.
function post(session, method, params) {
  let answer;
  let failure;
  session.post(method, params, (error, result) => {
    failure = error;
    answer = result;
  });
  if (failure) throw new Error(failure.message);
  return answer;
}

function ownProperties(session, objectId) {
  return post(session, 'Runtime.getProperties', { objectId, ownProperties: true });
}

function closureVariable(session, fn, name) {
  let value;
  process[HANDOVER] = { fn, take(taken) { value = taken; } };
  try {
    const expression = `${HANDOVER_EXPRESSION}.fn`;
    const { objectId } = post(session, 'Runtime.evaluate', { expression }).result;
    const { internalProperties } = ownProperties(session, objectId);
    const scopes = internalProperties.find((property) => property.name === '[[Scopes]]');
    for (const scope of ownProperties(session, scopes.value.objectId).result) {
      if (scope.value?.objectId === undefined) continue;
      const variables = ownProperties(session, scope.value.objectId).result;
      const variable = variables.find((property) => property.name === name);
      if (variable === undefined) continue;
      if (variable.value?.objectId === undefined) return variable.value?.value;
      post(session, 'Runtime.callFunctionOn', {
        objectId: variable.value.objectId,
        functionDeclaration: `function() { ${HANDOVER_EXPRESSION}.take(this); }`,
      });
      return value;
    }
    return undefined;
  } finally {
    delete process[HANDOVER];
  }
}

module.exports = { available, read };
