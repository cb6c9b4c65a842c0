'use strict';

// receive(), in place of receiveMessageOnPort(): messages without listeners.

const assert = require('node:assert/strict');
const { MessageChannel, receiveMessageOnPort } = require('node:worker_threads');
const { carry, storageFor } = require('../../../contexts.js');
const { carriedChannel, carriedWorker } = require('../../helpers/carrying.js');
const { suite } = require('../../helpers/suite.js');

const test = suite(__filename);
const storage = storageFor('carry.receive');
const contexts = [storage];

test('a message, and what runs a function in its context', (t) => {
  const { port1, carried2 } = storage.run('maker', () => carriedChannel(t, { contexts }));
  assert.equal(carried2.receive(), undefined);
  storage.run('one', () => port1.postMessage(1));
  port1.postMessage(2);
  const [first, second] = [carried2.receive(), carried2.receive()];
  storage.run('receiver', () => {
    assert.equal(first.message, 1);
    assert.deepEqual(
      first.run((...args) => [storage.getStore(), ...args], 'a', 'b'),
      ['one', 'a', 'b'],
    );
    assert.equal(second.message, 2);
    assert.equal(
      second.run(() => storage.getStore()),
      undefined,
    );
    assert.equal(storage.getStore(), 'receiver');
  });
  assert.equal(carried2.receive(), undefined);
});

test('run() of a message may be called again, and passes on what is thrown', (t) => {
  const { port1, carried2 } = carriedChannel(t, { contexts });
  storage.run('one', () => port1.postMessage(1));
  const { run } = carried2.receive();
  assert.throws(
    () =>
      run(() => {
        throw new RangeError(storage.getStore());
      }),
    { name: 'RangeError', message: 'one' },
  );
  assert.equal(
    run(() => storage.getStore()),
    'one',
  );
});

test('a message that was posted without carry() runs in the context of the caller', (t) => {
  const { port1, port2 } = new MessageChannel();
  t.after(() => port1.close());
  const carried = carry(port2, { contexts });
  port1.postMessage('plain');
  const { message, run } = carried.receive();
  assert.equal(message, 'plain');
  storage.run('receiver', () =>
    assert.equal(
      run(() => storage.getStore()),
      'receiver',
    ),
  );
});

test('receiveMessageOnPort() itself gives what was posted, whose key says what is missing', (t) => {
  const { port1, port2 } = carriedChannel(t, { contexts });
  storage.run('one', () => port1.postMessage(1));
  const KEY = 'posted by carry() of async-hooks-rs: call carry() on this end, too';
  assert.equal(receiveMessageOnPort(port2).message[KEY], 'greeting');
  assert.equal(receiveMessageOnPort(port2).message[KEY], 'message');
});

test('a Worker has no port to receive from', (t) => {
  const { carried } = carriedWorker(t, 'plain.js', undefined, { contexts });
  assert.throws(() => carried.receive(), { code: 'ERR_INVALID_ARG_TYPE' });
});
