'use strict';

// The processor of worker-pool-contexts: it knows the request that its task belongs to.

const { setTimeout } = require('node:timers/promises');
const { storageFor } = require('async-hooks-rs/contexts');

const request = storageFor('example.request');

function log(text) {
  return `${request.getStore().id}: ${text}`;
}

module.exports = async function order(item) {
  const lines = [log(`looks for ${item}`)];
  await setTimeout(1);
  lines.push(log(`found ${item}`));
  request.getStore().queries++;
  return lines;
};
