'use strict';

// What a thread keeps of the contexts that it has received: a number comes to mean something else,
// when millions of contexts have been sent, so nothing is kept for long, however busy the thread is.

const { test } = require('node:test');
const assert = require('node:assert/strict');
const { createKeptRegion, encode } = require('../../lib/codec/index.js');
const { TaskContexts } = require('../../lib/worker/task-contexts.js');
const { objectAt, writeHeader } = require('../../lib/wire/context.js');
const { HEADER } = require('../../lib/wire/step.js');

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Contexts of a thread, to which the pool sends what `meaning` says at that time. */
function received(meaning) {
  const outbox = createKeptRegion(4096);
  const read = () => {
    const end = encode(outbox, HEADER + objectAt(0), { id: meaning.value });
    const sent = createKeptRegion(4096);
    const length = encode(sent, objectAt(0), { id: meaning.value });
    writeHeader(sent, length, []);
    outbox.bytes.set(sent.bytes.subarray(0, length), HEADER);
    return end;
  };
  return new TaskContexts([{ name: 'id', isStorage: false }], read, outbox);
}

test('a number that means something else after a long task is read anew', async () => {
  const meaning = { value: 'first' };
  const contexts = received(meaning);
  for (let i = 0; i < 3; i++) assert.deepEqual(contexts.receive(1).take(), ['first']);
  await turn();
  meaning.value = 'second';
  const start = Date.now();
  while (Date.now() - start < 50);
  // No timer has run since.
  assert.deepEqual(contexts.receive(1).take(), ['second']);
});
