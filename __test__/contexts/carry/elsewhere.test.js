'use strict';

// carry() beside other things: a second copy of the package, and the threads of a pool.

const assert = require('node:assert/strict');
const vm = require('node:vm');
const { carry, storageFor } = require('../../../contexts.js');
const { engine } = require('../../../index.js');
const evaluate = require('../../fixtures/other-realm.js');
const { carriedChannel, collect, fixture } = require('../../helpers/carrying.js');
const { ofPorts } = require('../../helpers/listening.js');
const { suite } = require('../../helpers/suite.js');
const { withPool } = require('../../helpers/with-pool.js');

const test = suite(__filename);
const storage = storageFor('carry.elsewhere');
const other = storageFor('carry.elsewhere.other');

test('copies of the package have one end for a port', async (t) => {
  const { carry: ofOther } = evaluate('contexts.js', vm.createContext());
  const { port1, port2 } = carriedChannel(t, { contexts: [storage] });
  const { postMessage } = port1;
  ofOther(port1, { contexts: [other] });
  assert.equal(port1.postMessage, postMessage);
  const received = collect(
    (fn) => ofPorts['on()'](port2, fn),
    1,
    (message) => [message, storage.getStore(), other.getStore()],
  );
  storage.run('a', () => other.run('b', () => port1.postMessage('message')));
  assert.deepEqual(await received, [['message', 'a', 'b']]);
});

test('a port that was moved to another owner takes its own carry()', async (t) => {
  const { port1, port2 } = carriedChannel(t, { contexts: [storage] });
  const inner = carriedChannel(t, { contexts: [storage] });
  const received = collect(
    (fn) => ofPorts['on()'](port2, fn),
    1,
    (message) => message,
  );
  port1.postMessage(inner.port2, [inner.port2]);
  const [moved] = await received;
  assert.notEqual(moved, inner.port2);
  carry(moved, { contexts: [storage] });
  const seen = collect(
    (fn) => ofPorts['on()'](moved, fn),
    1,
    (message) => [message, storage.getStore()],
  );
  storage.run('store', () => inner.port1.postMessage('message'));
  assert.deepEqual(await seen, [['message', 'store']]);
});

test('the port of a thread of a pool is refused', async (t) => {
  if (!engine().native.loaded) return t.skip();
  const failure = await withPool([1, fixture('in-pool.js')], (pool) => pool.run(null));
  assert.equal(failure.code, 'ERR_INVALID_ARG_TYPE');
  assert.match(failure.message, /must be a port that is not a WorkerPool's, which has an option/);
  return undefined;
});
