'use strict';

// carry() beside other things: a second copy of the package, and other owners of a port.

const assert = require('node:assert/strict');
const vm = require('node:vm');
const { carry, storageFor } = require('../../../contexts.js');
const evaluate = require('../../fixtures/other-realm.js');
const { carriedChannel, collect } = require('../../helpers/carrying.js');
const { ofPorts } = require('../../helpers/listening.js');
const { suite } = require('../../helpers/suite.js');

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
