'use strict';

// AsyncResource, inside a scope.

const { loop, storages, inScopes } = require('./define.js');

function answer(value) {
  return value;
}

function inScope(work) {
  return ({ AsyncLocalStorage, AsyncResource }) => {
    const entries = storages(AsyncLocalStorage, 1);
    return (n) => inScopes(entries, work, AsyncResource, n);
  };
}

function construct(AsyncResource, n) {
  let last;
  for (let i = 0; i < n; i++) last = new AsyncResource('Benchmark');
  return last.asyncId();
}

function enter(AsyncResource, n) {
  const resource = new AsyncResource('Benchmark');
  let sum = 0;
  for (let i = 0; i < n; i++) sum += resource.runInAsyncScope(answer, null, 1);
  return sum;
}

function constructAndEnter(AsyncResource, n) {
  let sum = 0;
  for (let i = 0; i < n; i++) {
    sum += new AsyncResource('Benchmark').runInAsyncScope(answer, null, 1);
  }
  return sum;
}

module.exports = [
  loop('resource-make', 'new AsyncResource()', inScope(construct)),
  loop('resource-run', 'runInAsyncScope() of one AsyncResource', inScope(enter)),
  loop(
    'resource-make-run',
    'new AsyncResource() and runInAsyncScope()',
    inScope(constructAndEnter),
  ),
];
