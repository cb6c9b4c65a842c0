'use strict';

// Generators that are resumed by who began them, in a nested context, or by who has bound that; ones
// that all requests share, which the first of them make or begin; and one that the start-up begins.
// expect: none

const { AsyncLocalStorage, AsyncResource } = require('node:async_hooks');
const { Readable } = require('node:stream');

const storage = new AsyncLocalStorage();
const reads = [];
process.on('exit', () => console.log(`READS ${JSON.stringify(reads)}`));
const current = () => storage.getStore()?.id ?? null;
const read = (id) => reads.push([id, current()]);

const callers = (function* () {
  for (;;) yield current();
})();

let shared;

function getShared() {
  shared ??= (function* () {
    for (let id; ; ) id = yield reads.push([id ?? current(), current()]);
  })();
  return shared;
}

function* recording() {
  for (let id; ; ) id = yield reads.push([id ?? current(), current()]);
}

const recorders = [];

/** One of two, which the first requests begin. */
const recorder = (id) => (recorders[id % 2] ??= recording());

function* flushing() {
  for (;;) yield current(); // with a store or without
}

let flusher;
setImmediate(() => setImmediate(() => flusher.next()));

async function* rows(id) {
  for (let row = 0; row < 2; row++) yield read(id);
}

function* inner(id) {
  yield read(id);
  return read(id);
}

async function handle(id) {
  callers.next();
  getShared().next(id);
  recorder(id).next(id);
  if (flusher === undefined) (flusher = flushing()).next();
  const steps = (function* () {
    read(id);
    yield;
    [read(id)].forEach(() => read(id));
    yield* inner(id);
    const got = yield;
    read(got);
  })();
  steps.next();
  await null;
  steps.next();
  await new Promise((resolve) => setTimeout(resolve, 1));
  steps.next();
  const step = AsyncResource.bind(() => steps.next(id));
  storage.exit(() => setImmediate(step));
  const pages = (async function* () {
    for (let page = 0; page < 2; page++) yield read(id);
  })();
  for await (const page of pages) if (page > 0) read(id);
  for await (const row of Readable.from(rows(id))) if (row > 0) read(id);
  const nested = inner(id);
  storage.run({ id }, () => nested.next());
  nested.next();
}

for (const id of [1, 2, 3, 4]) storage.run({ id }, handle, id);
