'use strict';

// AsyncLocalStorage.snapshot() and bind(), created and called inside a scope. Calls come from
// another scope than the captured one; otherwise there would be nothing to do.

const { loop, storages, inScopes } = require('./define.js');

/** `work(api, n)` with one store active. */
function inScope(work) {
  return (api) => {
    const entries = storages(api.AsyncLocalStorage, 1);
    return (n) => inScopes(entries, work, api, n);
  };
}

/** Calls the result of `capture(api)`, captured in one scope, from another scope. */
function calling(capture) {
  return (api) => {
    const [inner, outer] = storages(api.AsyncLocalStorage, 2);
    const captured = inScopes([inner], capture, api);
    const call = (n) => {
      let sum = 0;
      for (let i = 0; i < n; i++) sum += captured(answer);
      return sum;
    };
    return (n) => inScopes([outer], call, n);
  };
}

function answer() {
  return 1;
}

function makeSnapshots({ AsyncLocalStorage }, n) {
  let last;
  for (let i = 0; i < n; i++) last = AsyncLocalStorage.snapshot();
  return last(answer);
}

function makeBound({ AsyncLocalStorage }, n) {
  let last;
  for (let i = 0; i < n; i++) last = AsyncLocalStorage.bind(answer);
  return last();
}

module.exports = [
  loop(
    'snapshot-call',
    'a call of what snapshot() returned',
    calling(({ AsyncLocalStorage }) => AsyncLocalStorage.snapshot()),
  ),
  loop('snapshot-make', 'snapshot()', inScope(makeSnapshots)),
  loop(
    'bind-call',
    'a call of what bind() returned',
    calling(({ AsyncLocalStorage }) => AsyncLocalStorage.bind(answer)),
  ),
  loop('bind-make', 'bind()', inScope(makeBound)),
];
