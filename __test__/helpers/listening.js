'use strict';

// The ways to listen for the messages of a port or a Worker. Each calls `fn` with every message,
// and returns what makes it stop.

/** Those of an EventEmitter, which a Worker is, and a port of Node, too. */
const ofEmitters = {
  'on()': (port, fn) => {
    port.on('message', fn);
    return () => port.off('message', fn);
  },

  'addListener()': (port, fn) => {
    port.addListener('message', fn);
    return () => port.removeListener('message', fn);
  },

  'once(), again each time': (port, fn) => {
    const again = (message) => {
      port.once('message', again);
      fn(message);
    };
    port.once('message', again);
    return () => port.off('message', again);
  },
};

/** Those of an EventTarget. */
const ofTargets = {
  'addEventListener(), a function': (port, fn) => {
    const listener = ({ data }) => fn(data);
    port.addEventListener('message', listener);
    port.start?.();
    return () => port.removeEventListener('message', listener);
  },

  'addEventListener(), an object': (port, fn) => {
    const listener = {
      handleEvent(event) {
        if (this === listener) fn(event.data);
      },
    };
    port.addEventListener('message', listener);
    port.start?.();
    return () => port.removeEventListener('message', listener);
  },

  'addEventListener(), with once, again each time': (port, fn) => {
    const again = ({ data }) => {
      port.addEventListener('message', again, { once: true });
      fn(data);
    };
    port.addEventListener('message', again, { once: true });
    port.start?.();
    return () => port.removeEventListener('message', again);
  },

  'addEventListener(), with a signal': (port, fn) => {
    const controller = new AbortController();
    port.addEventListener('message', ({ data }) => fn(data), { signal: controller.signal });
    port.start?.();
    return () => controller.abort();
  },

  'onmessage': (port, fn) => {
    port.onmessage = ({ data }) => fn(data);
    return () => {
      port.onmessage = null;
    };
  },
};

module.exports = { ofEmitters, ofTargets, ofPorts: { ...ofEmitters, ...ofTargets } };
