// The processor of worker-pool-contexts: it knows the request that its task belongs to.

import { setTimeout } from 'node:timers/promises';
import { storageFor } from 'async-hooks-rs/contexts';

const request = storageFor('example.request');

function log(text) {
  return `${request.getStore().id}: ${text}`;
}

export default async function order(item) {
  const lines = [log(`looks for ${item}`)];
  await setTimeout(1);
  lines.push(log(`found ${item}`));
  request.getStore().queries++;
  return lines;
}
