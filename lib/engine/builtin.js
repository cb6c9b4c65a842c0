'use strict';

// Engine `builtin`: one AsyncLocalStorage of the host carries our frame. It is slower, but needs
// public interfaces only. For Bun, and for hosts on which nothing better is proven.

const { AsyncLocalStorage } = require('../node/async-hooks.js');

// leave() and swapBack() are called in `finally`, where the stack may be nearly used up, and must
// not fail where swap() did not. V8 may inline what swap() calls and not what they call, but never
// a function into itself, so as many calls as leave() can nest need at least as much stack.
const STACK_OF_LEAVE = 8;

/** @param {number} calls */
function reserveStack(calls) {
  if (calls > 0) reserveStack(calls - 1);
}

/** The engine, or a string that says why it cannot run here. */
function create() {
  if (typeof AsyncLocalStorage !== 'function') return 'no built-in AsyncLocalStorage';
  /** @type {import('node:async_hooks').AsyncLocalStorage<unknown>} */
  let carrier; // from install() on
  const current = () => carrier?.getStore();
  /** @param {unknown} frame */
  const enter = (frame) => carrier?.enterWith(frame);
  /** @param {unknown} frame */
  const swap = (frame) => {
    reserveStack(STACK_OF_LEAVE);
    enter(frame);
  };
  /**
   * @param {unknown} entered
   * @param {unknown} prior
   */
  const leave = (entered, prior) => {
    if (carrier.getStore() !== entered) return false;
    carrier.enterWith(prior);
    return true;
  };
  return {
    name: 'builtin',
    reason: "the host's own AsyncLocalStorage carries the frames",
    slot: undefined,
    layered: true,
    current,
    swap,
    swapBack: enter,
    leave,
    enter,
    // On Node 24 the constructor switches the tracking of promises on.
    install() {
      carrier ??= new AsyncLocalStorage();
    },
  };
}

module.exports = { create };
