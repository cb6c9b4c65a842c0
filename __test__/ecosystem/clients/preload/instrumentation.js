'use strict';

// What an agent that watches a program does to node:http: each request runs in a storage of the
// agent's own, which it has made as soon as it was loaded.

const { AsyncLocalStorage } = require('node:async_hooks');

const transactions = new AsyncLocalStorage();
const hooked = new Set();
const wrapped = new WeakSet();

/** The hook for all modules, however they are loaded; it patches them in place. */
function onModule(exports, name) {
  hooked.add(name);
  if (name === 'http') wrapServer(exports.Server);
  return exports;
}

function wrapServer(Server) {
  if (wrapped.has(Server)) return;
  wrapped.add(Server);
  const { emit } = Server.prototype;
  Server.prototype.emit = function (event, ...args) {
    if (event !== 'request') return emit.call(this, event, ...args);
    return transactions.run({ path: args[0].url }, () => emit.call(this, event, ...args));
  };
}

// The program asks for it, under a name that a second copy of the agent would use, too.
process[Symbol.for('agent')] = {
  get modules() {
    return [...hooked].sort();
  },
  get path() {
    return transactions.getStore()?.path;
  },
};

module.exports = { onModule };
