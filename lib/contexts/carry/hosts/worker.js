'use strict';

// A Worker, at the end that has made it: an EventEmitter, whose messages come by emit().

const { define, isHeard } = require('./methods.js');

/**
 * @param {any} worker
 * @param {import('./index.js').Receiver} receiver
 * @returns {import('./index.js').Host}
 */
function workerHost(worker, receiver) {
  const { emit, terminate } = worker;
  let isStopped = false;
  /** @param {unknown} message */
  const deliver = (message) => Reflect.apply(emit, worker, ['message', message]);

  define(worker, 'emit', function (...args) {
    const [type, value] = args;
    if (type === 'message') return receiver.arrived(value, deliver);
    // With another code it has failed, and said so.
    if (type === 'exit' && value === 0 && !isStopped) receiver.ended();
    return Reflect.apply(emit, this, args);
  });
  define(worker, 'terminate', function (...args) {
    isStopped = true;
    return Reflect.apply(terminate, this, args);
  });

  return {
    deliver,
    isHeard: () => isHeard(worker, 'message'),
    fail(error) {
      return Reflect.apply(emit, worker, ['messageerror', error]);
    },
  };
}

module.exports = { workerHost };
