'use strict';

// EventTarget, AbortSignal, MessageChannel and generators, used within a request.
// expect: none

const { AsyncLocalStorage, AsyncResource } = require('node:async_hooks');

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));
const read = (id) => reads.push([id, storage.getStore()?.id ?? null]);

function* numbers(id) {
  read(id);
  yield 1;
  read(id);
  yield 2;
}

async function* later(id) {
  yield 1;
  await null;
  read(id);
  yield 2;
}

async function handle(id) {
  const target = new EventTarget();
  target.addEventListener('change', () => read(id));
  target.dispatchEvent(new Event('change'));
  const controller = new AbortController();
  controller.signal.addEventListener('abort', () => read(id), { once: true });
  setImmediate(() => controller.abort());
  for (const number of numbers(id)) if (number === 2) read(id);
  for await (const number of later(id)) if (number === 2) read(id);
  const { port1, port2 } = new MessageChannel();
  const received = AsyncResource.bind(() => {
    read(id);
    port1.close();
  });
  port1.on('message', received);
  port2.postMessage('hello');
  await Promise.allSettled([null, Promise.reject(new Error('expected'))]);
  structuredClone({ id });
  read(id);
}

for (const id of [1, 2, 3]) storage.run({ id }, handle, id);
