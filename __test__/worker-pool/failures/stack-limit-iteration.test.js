'use strict';

// Iterations of which a call was broken off by the stack limit: the next one makes up for it.

const assert = require('node:assert/strict');
const test = require('node:test');
const { nearTheLimit } = require('../../helpers/near-stack-limit.js');
const { Iteration, Outlet } = require('../../../lib/pool/iteration/outlet.js');
const { Stream } = require('../../../lib/pool/iteration/stream.js');

const usedUp = () => {
  throw new RangeError('Maximum call stack size exceeded');
};

test('a value does not go to a call of next() that has failed', async () => {
  const feed = { asked: usedUp, taken() {}, stop() {} };
  const outlet = new Outlet(feed, () => {});
  await assert.rejects(outlet.next(), RangeError);
  feed.asked = () => {};
  const next = outlet.next();
  outlet.put('value');
  outlet.put('other');
  assert.deepEqual(await next, { value: 'value', done: false });
  assert.deepEqual(await outlet.next(), { value: 'other', done: false });
  assert.equal(outlet.taken, 2);
});

test('a stream grants again what it could not grant', async () => {
  const said = [];
  const dispatcher = { dispatch() {}, say: usedUp };
  const stream = new Stream(dispatcher, 0, { highWaterMark: 1, task: {} }, () => {});
  const { values } = stream;
  stream.receive(0, { value: undefined }); // it runs
  stream.receive(0, { value: 'first' });
  assert.equal((await values.next()).value, 'first');
  dispatcher.say = (workerId, message) => void said.push([workerId, message.credits]);
  const second = values.next();
  assert.deepEqual(said, [[0, 1]]);
  stream.receive(0, { value: 'second' });
  assert.equal((await second).value, 'second');
  assert.deepEqual(said, [
    [0, 1],
    [0, 1],
  ]);
});

for (const stopping of ['return', 'throw', Symbol.asyncDispose ?? 'return']) {
  test(`${String(stopping)}() stops what a call that has failed did not stop`, async () => {
    let stops = 0;
    const stop = () => void stops++;
    const iteration = new Iteration(new Outlet({ asked() {}, taken() {}, stop }, () => {}));
    const calls = [];
    const untilItStops = () => void (stops > 0 || calls.push(iteration[stopping]('given')));
    nearTheLimit(untilItStops, { depths: Infinity });
    const outcomes = await Promise.allSettled(calls);
    assert.ok(outcomes.some(({ reason }) => reason instanceof RangeError));
    await iteration.return();
    assert.equal(stops, 1);
    assert.deepEqual(await iteration.next(), { value: undefined, done: true });
  });
}
