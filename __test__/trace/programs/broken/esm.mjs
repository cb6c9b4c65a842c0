// A module of the newer kind, with a queue that an interval works through.
// expect: lost certain birth
// mend: proven

import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as sleep } from 'node:timers/promises';

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));

const queue = [];

export function enqueue(job) {
  queue.push(job);
}

const worker = (async () => {
  while (reads.length < 3) {
    await sleep(2);
    for (const job of queue.splice(0)) await job(); // finding: ran
  }
})();

const handle = async (id) => {
  await null;
  // finding: made
  enqueue(async () => {
    await null;
    reads.push([id, storage.getStore()?.id ?? null]); // finding: read
  });
};

await Promise.all([1, 2, 3].map((id) => storage.run({ id }, handle, id)));
await worker;
