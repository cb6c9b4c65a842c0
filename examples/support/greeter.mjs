// A Worker of a program's own. Its listener runs in the context of each message.

import { parentPort } from 'node:worker_threads';
import { carry, storageFor } from 'async-hooks-rs/contexts';

const requests = storageFor('example.request');
const carried = carry(parentPort);

// The context in which this Worker was made.
const maker = carried.run(() => requests.getStore());

parentPort.on('message', async (name) => {
  await null; // whatever it takes
  parentPort.postMessage(`hello ${name}, from ${maker}, for ${requests.getStore()}`);
});
