'use strict';

// Servers that enter one or ten storages per request and read ten times.

const { ALL, storages, inScopes } = require('./define.js');

const READS = 10;
const BODY = 'ok';

function read(entries) {
  for (let i = 0; i < READS; i++) {
    const { storage, store } = entries[i % entries.length];
    if (storage.getStore().n !== store.n) throw new Error('the store is lost');
  }
}

function answer(entries, response) {
  read(entries);
  response.end(BODY);
}

async function nested(depth) {
  await null;
  await null;
  await (depth === 1 ? null : nested(depth - 1));
}

// Three async functions inside each other, with three awaits each.
async function answerLater(entries, response) {
  await nested(3);
  answer(entries, response);
}

function serving(name, title, count, respond) {
  return {
    name,
    title,
    kind: 'server',
    ...ALL,
    units: { time: 'us/request', cpu: 'us/request' },
    handler({ AsyncLocalStorage }) {
      const entries = storages(AsyncLocalStorage, count);
      return (request, response) => inScopes(entries, respond, entries, response);
    },
    rounds: (rounds) => Math.ceil(rounds / 3),
    slices: 8,
  };
}

module.exports = [
  serving('http-sync-1', 'HTTP server, one storage', 1, answer),
  serving('http-async-1', 'HTTP server with async functions, one storage', 1, answerLater),
  serving('http-sync-10', 'HTTP server, ten storages', 10, answer),
  serving('http-async-10', 'HTTP server with async functions, ten storages', 10, answerLater),
];
