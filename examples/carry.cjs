'use strict';

// Messages to a Worker and from it arrive in the context in which they were posted.
//
// Prints:
//   request 0: hello Ada, from start-up, for request 0
//   request 1: hello Grace, from start-up, for request 1

const path = require('node:path');
const { Worker } = require('node:worker_threads');
const { carry, storageFor } = require('async-hooks-rs/contexts');

const requests = storageFor('example.request');
const names = ['Ada', 'Grace'];

const worker = requests.run('start-up', () => {
  const made = new Worker(path.join(__dirname, 'support', 'greeter.cjs'));
  carry(made, { contexts: [requests] });
  return made;
});

let answers = 0;
worker.on('message', (text) => {
  console.log(`${requests.getStore()}: ${text}`);
  if (++answers === names.length) worker.terminate();
});

for (const [id, name] of names.entries()) {
  requests.run(`request ${id}`, () => worker.postMessage(name));
}
