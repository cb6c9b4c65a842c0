'use strict';

// A MessagePort of Node, and parentPort. Node gives each message to the method below, and that to
// all listeners, however they listen. So one place unwraps it for all of them, and the port starts,
// stops and keeps the thread alive as it always does.

const { define, isHeard } = require('./methods.js');

// Of Node's EventTarget: `(value, type, event)`, where `event` is undefined for a message. It is in
// Symbol.for() because the code of other realms calls it: nodejs/node,
// lib/internal/per_context/messageport.js.
const DISPATCH = Symbol.for('nodejs.internal.kHybridDispatch');

/** @param {any} port */
const isNodePort = (port) => typeof port[DISPATCH] === 'function';

/**
 * @param {any} port
 * @param {import('./index.js').Receiver} receiver
 * @returns {import('./index.js').Host}
 */
function nodePort(port, receiver) {
  const { [DISPATCH]: dispatch, close } = port;
  let isClosed = false;

  /**
   * @param {unknown} value
   * @param {string} type
   */
  const emit = (value, type) => Reflect.apply(dispatch, port, [value, type]);
  /** @param {unknown} message */
  const deliver = (message) => emit(message, 'message');

  define(port, DISPATCH, function (...args) {
    const [value, type, event] = args;
    if (type === 'message' && event === undefined) return receiver.arrived(value, deliver);
    if (type === 'close' && !isClosed) receiver.ended();
    return Reflect.apply(dispatch, this, args);
  });
  define(port, 'close', function (...args) {
    isClosed = true;
    return Reflect.apply(close, this, args);
  });

  return {
    deliver,
    isHeard: () => isHeard(port, 'message'),
    fail(error) {
      const heard = isHeard(port, 'messageerror');
      if (heard) emit(error, 'messageerror');
      return heard;
    },
  };
}

module.exports = { isNodePort, nodePort };
