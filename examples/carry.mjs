// Messages to a Worker and from it arrive in the context in which they were posted.
//
// Prints:
//   request 0: hello Ada, from start-up, for request 0
//   request 1: hello Grace, from start-up, for request 1

import { Worker } from 'node:worker_threads';
import { carry, storageFor } from 'async-hooks-rs/contexts';

const requests = storageFor('example.request');
const names = ['Ada', 'Grace'];

const worker = requests.run('start-up', () => {
  const made = new Worker(new URL('./support/greeter.mjs', import.meta.url));
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
