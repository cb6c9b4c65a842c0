'use strict';

// One thread encodes and another decodes, from shared memory and from copied bytes.

const assert = require('node:assert/strict');
const { once } = require('node:events');
const { join } = require('node:path');
const { test } = require('node:test');
const { Worker } = require('node:worker_threads');
const { codec, createRegistry } = require('../../helpers/codec-round-trip.js');
const { createRandom } = require('../../helpers/random.js');
const { randomValue } = require('../../helpers/codec-values.js');

const ROUNDS = 60;

// Creates the same values from the same seeds, and compares them with the decoded ones.
function decoder() {
  const { parentPort, workerData } = require('node:worker_threads');
  const { codec } = require(`${workerData.helpers}/codec-round-trip.js`);
  const { difference } = require(`${workerData.helpers}/codec-same.js`);
  const { createRandom } = require(`${workerData.helpers}/random.js`);
  const { randomValue } = require(`${workerData.helpers}/codec-values.js`);
  const region = codec.regionOf(workerData.memory);
  parentPort.on('message', ({ seed, texts, attachments, bytes }) => {
    codec.useShapes({ first: 0, id: () => -1, keys: (id) => texts[id] });
    const from = bytes === undefined ? region : codec.regionOf(bytes);
    const value = codec.decode(from, 8, attachments);
    // The error is created at another place here, so the stacks differ.
    const found = difference(randomValue(createRandom(seed)), value, { stacks: false });
    parentPort.postMessage(found ?? 'same');
  });
}

test('values reach another thread', async () => {
  const registry = createRegistry();
  codec.useShapes(registry);
  const memory = new SharedArrayBuffer(1 << 22);
  const region = codec.regionOf(memory);
  const worker = new Worker(`(${decoder})()`, {
    eval: true,
    workerData: { memory, helpers: join(__dirname, '../../helpers') },
  });
  const answers = [];
  for (let seed = 0; seed < ROUNDS; seed++) {
    const end = codec.encode(region, 8, randomValue(createRandom(seed)));
    const attachments = codec.attachments()?.map((bytes) => new Uint8Array(bytes).buffer);
    const bytes = seed % 2 === 0 ? undefined : new Uint8Array(region.bytes.slice(0, end)).buffer;
    worker.postMessage({ seed, texts: registry.texts, attachments, bytes });
    answers.push((await once(worker, 'message'))[0]);
  }
  await worker.terminate();
  assert.deepEqual(answers, new Array(ROUNDS).fill('same'));
});
