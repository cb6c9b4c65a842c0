'use strict';

// dataloader: one call of the batch function for many requests. It runs in the scope of the request
// that asked first.

const { AsyncResource } = require('node:async_hooks');
const { setTimeout: delay } = require('node:timers/promises');
const DataLoader = require('dataloader');
const { barrier, print, see, wave, waves } = require('../helpers/requests.js');

const all = barrier();

function loader(name, options) {
  return new DataLoader(async (ids) => {
    for (const id of ids) see(`${name}: batch function`, id);
    await delay(1);
    for (const id of ids) see(`${name}: batch function, after await`, id);
    return ids.map((id) => (id.startsWith('fail') ? new Error(id) : id));
  }, options);
}

async function useShared(name, options) {
  const shared = loader(name, options);
  await waves('load', async (id) => {
    await all();
    await shared.load(id);
    see(`${name}: after load()`, id);
    await shared.load(id);
    see(`${name}: after load() from the cache`, id);
  });
  await wave('fail', async (id) => {
    await all();
    await shared.load(id).catch(({ message }) => see(`${name}: catch() of load()`, message));
  });
}

async function main() {
  await useShared('shared', {});
  await useShared('shared, at most 7 keys', { maxBatchSize: 7 });
  await useShared('shared, in a timer', { batchScheduleFn: (callback) => setTimeout(callback, 1) });
  await useShared('shared, batches bound to no request', {
    batchScheduleFn: AsyncResource.bind((callback) => process.nextTick(callback)),
  });

  await waves('own', async (id) => {
    const own = loader('per request');
    await all();
    await Promise.all([
      own.load(id),
      own.loadMany([id, id]),
      own.load(id).then(() => {
        see('per request: then() of load()', id);
      }),
    ]);
    see('per request: after all', id);
  });

  print();
}

main();
