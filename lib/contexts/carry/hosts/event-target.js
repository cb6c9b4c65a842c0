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
   * @param {unknown} data
   * @param {readonly any[]} [ports]
   */
  function deliver(data, ports = []) {
    const init = /** @type {any} */ ({ __proto__: null, data, ports: [...ports] });
    const event = new MessageEvent('message', init);
    ours.add(event);
    target.dispatchEvent(event);
  }

  /**
   * Nothing tells whether somebody listens for it. Who does, reads the error: as `data`, and Bun
   * for a listener of on() as `error`.
   *
   * @param {unknown} error
   */
  function fail(error) {
    let isRead = false;
    const get = () => {
      isRead = true;
      return error;
    };
    const event = new MessageEvent('messageerror');
    for (const key of ['data', 'error']) {
      Object.defineProperty(event, key, { __proto__: null, get });
    }
    target.dispatchEvent(event);
    return isRead;
  }

  target.addEventListener('message', (event) => {
    if (ours.has(event)) return;
    const { data, ports } = /** @type {MessageEvent} */ (event);
    event.stopImmediatePropagation();
    receiver.arrived(data, (message) => deliver(message, ports));
  });

  return { deliver: (message) => deliver(message), isHeard: () => true, fail };
}

module.exports = { eventTarget };
