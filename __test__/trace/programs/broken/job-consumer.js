'use strict';

// An async iterator that a consumer of the start-up reads: the jobs are functions of requests.
// expect: lost certain birth
// mend: proven

const { AsyncLocalStorage } = require('node:async_hooks');
const { setTimeout: sleep } = require('node:timers/promises');

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));

const jobs = [];

async function* take(count) {
  for (let taken = 0; taken < count; ) {
    if (jobs.length === 0) await sleep(1);
    else {
      taken++;
      yield jobs.shift();
    }
  }
}

async function consume() {
  for await (const job of take(3)) await job(); // finding: ran
}

function handle(id) {
  // finding: made
  jobs.push(async function job() {
    await sleep(1);
    const { owner } = await describeJob(id);
    return owner;
  });
}

async function describeJob(id) {
  await null;
  reads.push([id, storage.getStore()?.id ?? null]); // finding: read
  return { owner: id };
}

consume();
for (const id of [1, 2, 3]) storage.run({ id }, handle, id);
