'use strict';

// What carry() posts: an object with one key that says what to do about it, because an end that has
// not called carry() gets it as it is. Both ends have copies of the package, perhaps of different
// versions: another form gets another key.
//
// `contexts` has for each context its name, its form, and its value, or `undefined` for none. The
// names are in each message and not agreed upon, because the first message is posted before the
// other end exists.

const { contextFrom } = require('../context.js');
const { namedStorage } = require('../registry.js');

const KEY = 'posted by carry() of async-hooks-rs: call carry() on this end, too';

/** What is posted. */
const kind = Object.freeze({
  /** carry() was called; the contexts are those of the call. */
  GREETING: 'greeting',
  /** A message, which is `value`; the contexts are those of its postMessage(). */
  MESSAGE: 'message',
});

/** What a value of a context is. */
const form = Object.freeze({
  /** The store of a storage. */
  STORE: 0,
  /** What serialize() made of the store of a storage. */
  SERIALIZED: 1,
  /** What capture() of a carrier has returned. */
  CARRIED: 2,
});

/** @typedef {import('../context.js').Context} Context */

/**
 * What has arrived.
 *
 * @typedef {object} Envelope
 * @property {string} kind
 * @property {readonly Context[]} contexts
 * @property {readonly unknown[]} values  one for each context
 * @property {unknown} value  the message
 */

/** @param {Pick<Context, 'isStorage' | 'serialized'>} context */
function formOf({ isStorage, serialized }) {
  if (!isStorage) return form.CARRIED;
  return serialized ? form.SERIALIZED : form.STORE;
}

/**
 * @param {string} what  one of `kind`
 * @param {readonly Context[]} contexts
 * @param {readonly unknown[]} values
 * @param {unknown} [value]
 */
function seal(what, contexts, values, value) {
  return {
    [KEY]: what,
    contexts: contexts.map((context, i) => [context.name, formOf(context), values[i]]),
    value,
  };
}

/**
 * Whether carry() has posted it.
 *
 * @param {any} data  what has arrived
 */
function isSealed(data) {
  return (
    data !== null &&
    typeof data === 'object' &&
    Object.hasOwn(data, KEY) &&
    Array.isArray(data.contexts)
  );
}

/**
 * @param {any} data  of which `isSealed()` is true
 * @returns {Envelope}
 */
function open(data) {
  /** @type {[string, number, unknown][]} */
  const sent = data.contexts;
  return {
    kind: data[KEY],
    contexts: sent.map(([name, its]) => contextOf(name, its)),
    values: sent.map(([, , value]) => value),
    value: data.value,
  };
}

/**
 * @param {string} name
 * @param {number} its  one of `form`
 */
function contextOf(name, its) {
  return contextFrom({
    name,
    isStorage: its !== form.CARRIED,
    serialized: its === form.SERIALIZED,
    returns: false,
    module: undefined,
  });
}

/**
 * The same contexts, to be sent from here: this thread may have another serialize(), or none.
 *
 * @param {readonly Context[]} contexts
 */
function toSend(contexts) {
  return contexts.map(({ name, isStorage }) => {
    const serialized = isStorage && namedStorage(name).serialize !== undefined;
    return contextOf(name, formOf({ isStorage, serialized }));
  });
}

module.exports = { kind, seal, isSealed, open, toSend };
