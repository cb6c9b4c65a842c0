'use strict';

// Nothing is held of a message once it is delivered: not its store, not its value, at either end.

const assert = require('node:assert/strict');
const { storageFor } = require('../../../contexts.js');
const { carriedChannel, carriedWorker, collect } = require('../../helpers/carrying.js');
const { collectWithOthers } = require('../../helpers/gc.js');
const { ofEmitters, ofPorts } = require('../../helpers/listening.js');
const { suite } = require('../../helpers/suite.js');

const test = suite(__filename);
const storage = storageFor('carry.workers');
const contexts = [storage];

const COUNT = 50;

test('stores and messages of a port are collected at both ends', async (t) => {
  const { port1, port2 } = carriedChannel(t, { contexts });
  const refs = [];
  const hold = (...values) => refs.push(...values.map((value) => new WeakRef(value)));
  const received = collect(
    (fn) => ofPorts['on()'](port2, fn),
    COUNT,
    (message) => hold(message, storage.getStore()),
  );
  for (let i = 0; i < COUNT; i++) {
    const [store, message] = [{ i }, { i }];
    hold(store, message);
    storage.run(store, () => port1.postMessage(message));
  }
  await received;
  assert.equal(refs.length, 4 * COUNT);
  const left = () => refs.filter((ref) => ref.deref() !== undefined).length;
  // The last ones may be held by the turn in which they came.
  assert.ok(await collectWithOthers(() => left() <= 4), `${left()} are left`);
});

test('stores of requests to a Worker are collected', async (t) => {
  const { worker } = storage.run('maker', () =>
    carriedWorker(t, 'answers.js', { way: 'on()' }, { contexts }),
  );
  const refs = [];
  const answered = collect(
    (fn) => ofEmitters['on()'](worker, fn),
    COUNT,
    () => refs.push(new WeakRef(storage.getStore())),
  );
  for (let i = 0; i < COUNT; i++) {
    const store = { i };
    refs.push(new WeakRef(store));
    storage.run(store, () => worker.postMessage(i));
  }
  await answered;
  assert.equal(refs.length, 2 * COUNT);
  const left = () => refs.filter((ref) => ref.deref() !== undefined).length;
  assert.ok(await collectWithOthers(() => left() <= 4), `${left()} are left`);
});
