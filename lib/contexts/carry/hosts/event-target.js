'use strict';

// A port of another runtime. A listener that comes before all others unwraps the message, and
// dispatches a second event in place of the first one.

/**
 * @param {any} port
 * @param {import('./index.js').Receiver} receiver
 * @returns {import('./index.js').Host}
 */
function eventTarget(port, receiver) {
  // Deno's parentPort is none: its listeners are those of the global scope of its worker.
  const target = /** @type {EventTarget} */ (
    typeof port.dispatchEvent === 'function' ? port : globalThis
  );
  /** @type {WeakSet<Event>} */
  const ours = new WeakSet();

  /**
   * @param {string} type
   * @param {unknown} data
   * @param {readonly any[]} [ports]
   */
  function emit(type, data, ports = []) {
    const init = /** @type {any} */ ({ __proto__: null, data, ports: [...ports] });
    const event = new MessageEvent(type, init);
    ours.add(event);
    target.dispatchEvent(event);
  }

  target.addEventListener('message', (event) => {
    if (ours.has(event)) return;
    const { data, ports } = /** @type {MessageEvent} */ (event);
    event.stopImmediatePropagation();
    receiver.arrived(data, (message) => emit('message', message, ports));
  });

  return {
    startsLate: false,
    deliver: (message) => emit('message', message),
    isHeard: () => true,
    fail(error) {
      emit('messageerror', error);
      return false; // nothing tells whether somebody listens
    },
  };
}

module.exports = { eventTarget };
