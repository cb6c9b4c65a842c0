'use strict';

// Engine `builtin`: one AsyncLocalStorage of the host carries our frame. It is slower, but needs
// public interfaces only. For Bun, and for hosts on which nothing better is proven.

const { AsyncLocalStorage } = require('../node/async-hooks.js');
const { leaveSlot } = require('./slot.js');

/** The engine, or a string that says why it cannot run here. */
function create() {
  if (typeof AsyncLocalStorage !== 'function') return 'no built-in AsyncLocalStorage';
  let carrier;
  const current = () => carrier?.getStore();
  const enter = (frame) => carrier?.enterWith(frame);
  return {
    name: 'builtin',
    reason: 'the host\'s own AsyncLocalStorage carries the frames',
    slot: undefined,
    layered: true,
    current,
    swap: enter,
    leave: leaveSlot(current, enter),
    enter,
    // On Node 24 the constructor switches the tracking of promises on.
    install() {
      carrier ??= new AsyncLocalStorage();
    },
  };
}

module.exports = { create };
