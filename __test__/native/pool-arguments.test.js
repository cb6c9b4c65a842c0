'use strict';

// The native classes of the pool check their arguments: no argument ends the process, and none is
// lost silently.

const assert = require('node:assert/strict');
const nodeTest = require('node:test');
const { engine } = require('../../index.js');
const { FIFO, REFUSED, SETTLED, TAKEN } = require('../../lib/wire/answer.js');
const { HEADER } = require('../../lib/wire/packet.js');
const { RESULT } = require('../../lib/wire/status.js');

const {
  native: { loaded, reason },
} = engine();
const test = (title, run) => nodeTest(title, { skip: loaded ? false : reason }, run);

const noop = () => {};
const region = (size) => new Uint8Array(new SharedArrayBuffer(size));

/** A pool, its regions, and helpers to use them. */
function open() {
  const { NativePool } = require('../helpers/addon.js').loadAddon();
  const outbox = region(1024);
  const inbox = region(1024);
  const pool = new NativePool(outbox, inbox, noop, 0, 4, Infinity, 1, FIFO);
  const functions = pool.functions();
  return { pool, outbox, inbox, ...functions };
}

function writeTask(bytes, at, { length = HEADER + 1, id = 0, timeout = 0 } = {}) {
  const view = new DataView(bytes.buffer);
  [length, id, 0, timeout, 0].forEach((value, i) => view.setUint32(at + 4 * i, value, true));
  bytes[at + HEADER] = 0;
}

test('ids beyond all others are refused', () => {
  const { pool, outbox, submit, submitAttached } = open();
  for (const id of [0x7fff_ffff, 0xffff_ffff, 0xffff_fffe, 1_000_000]) {
    writeTask(outbox, 0, { id });
    assert.equal(submit(0, HEADER + 1), 0);
    assert.equal(submitAttached(0, HEADER + 1, []), REFUSED);
  }
  assert.equal(pool.statistics().waiting, 0);
  writeTask(outbox, 0, { id: 60_000 });
  assert.equal(submit(0, HEADER + 1), 1);
  assert.equal(submitAttached(0, HEADER + 1, []), REFUSED); // the id is in use
  assert.equal(pool.statistics().waiting, 1);
  pool.close();
});

test('a batch with a broken packet, or an id in use, is refused as a whole', () => {
  const { pool, outbox, submit, submitAttached } = open();
  const size = HEADER + 1;
  for (const second of [
    { id: 1, length: 0 },
    { id: 1, length: 19 },
    { id: 1, length: size + 1 },
    { id: 1, length: 0xffff_ffff },
    { id: 0x7fff_ffff },
  ]) {
    writeTask(outbox, 0);
    writeTask(outbox, size, second);
    assert.equal(submit(0, 2 * size), 0);
    assert.equal(submitAttached(size, 2 * size, []), REFUSED);
    assert.equal(pool.statistics().waiting, 0);
  }
  assert.equal(submit(0, size - 1), 0);
  for (const [start, end] of [
    [0, 5000],
    [5000, 6000],
    [size, 0],
    [-1, 1],
    ['x', {}],
  ]) {
    submit(start, end);
    assert.equal(pool.statistics().waiting, 0);
  }
  writeTask(outbox, size, { id: 1 });
  assert.equal(submit(0, 2 * size), 1);
  assert.equal(pool.statistics().waiting, 2);
  pool.close();
  writeTask(outbox, 0, { id: 2 });
  assert.equal(submit(0, size), 0); // closed
  assert.equal(submitAttached(0, size, []), REFUSED);
});

test('attachments are bytes that no other thread has', () => {
  const { pool, outbox, submitAttached } = open();
  const wrong = {
    name: 'TypeError',
    code: 'ERR_NATIVE_BYTES',
    message:
      'the argument attachments must be a Uint8Array over an ArrayBuffer, or an array of ' +
      'them, received something else',
  };
  const bytes = Uint8Array.of(1, 2, 3);
  for (const views of [
    undefined,
    null,
    1,
    'x',
    {},
    { length: 1, 0: bytes },
    new Uint16Array(4),
    bytes.buffer,
    new DataView(region(8).buffer),
    region(8),
    [region(8)],
    [bytes, undefined],
    new Array(3),
    new Array(2 ** 32 - 1),
    new Proxy([], {}),
  ]) {
    writeTask(outbox, 0);
    assert.throws(() => submitAttached(0, HEADER + 1, views), wrong);
    assert.equal(pool.statistics().waiting, 0);
  }
  const detached = new Uint8Array(8);
  structuredClone(detached.buffer, { transfer: [detached.buffer] });
  const resizable = new Uint8Array(new ArrayBuffer(8, { maxByteLength: 16 }));
  const moved = new ArrayBuffer(8);
  const data = [new DataView(moved), bytes, new DataView(moved, 1, 2), new DataView(moved, 8)];
  const taken = [bytes, Buffer.of(1), [], [bytes, bytes.subarray(1)], detached, resizable, data];
  for (const [id, views] of taken.entries()) {
    writeTask(outbox, 0, { id });
    assert.equal(submitAttached(0, HEADER + 1, views), TAKEN);
  }
  assert.equal(pool.statistics().waiting, taken.length);
  assert.equal(moved.byteLength, 0); // it is taken, and not copied
  pool.close();
});

test('unknown ids, workers and processors are refused', () => {
  const { pool, inbox, drain } = open();
  for (const id of [0, 7, 0x7fff_ffff, 0xffff_ffff]) {
    assert.deepEqual([...pool.cancel(Uint32Array.of(id))], [SETTLED]);
    assert.deepEqual([...pool.cancelWaiting(Uint32Array.of(id))], [SETTLED]);
    pool.removeWorkers(id);
    pool.threadGone(id);
  }
  assert.equal(drain(0), 4 * HEADER);
  assert.notEqual(new DataView(inbox.buffer).getUint32(8, true), RESULT);
  assert.throws(() => pool.startNative('nothing'), { code: 'ERR_NATIVE_UNKNOWN' });
  for (const wrong of [undefined, null, 'x', {}, 1]) {
    assert.throws(() => pool.cancel(wrong), { code: 'InvalidArg' });
  }
  pool.close();
});

test('regions without room for a packet are refused', () => {
  const { NativePool, NativePoolWorker } = require('../helpers/addon.js').loadAddon();
  const enough = region(HEADER);
  for (const size of [0, 1, 7, 19]) {
    const small = region(size);
    const tooSmall = { code: 'ERR_NATIVE_REGION' };
    assert.throws(() => new NativePool(small, enough, noop, 0, 4, Infinity, 1, FIFO), tooSmall);
    assert.throws(() => new NativePool(enough, small, noop, 0, 4, Infinity, 1, FIFO), tooSmall);
    const { pool } = open();
    for (const regions of [
      [small, enough],
      [enough, small],
    ]) {
      const ticket = pool.ticket(pool.addWorkers());
      assert.throws(() => new NativePoolWorker(ticket, ...regions, noop, noop, true), tooSmall);
    }
    pool.close();
  }
});

test('regions that a program could detach are refused', () => {
  const { NativePool, NativePoolWorker } = require('../helpers/addon.js').loadAddon();
  const kept = region(HEADER);
  const detachable = new Uint8Array(HEADER);
  const notShared = { code: 'ERR_NATIVE_REGION_NOT_SHARED' };
  assert.throws(() => new NativePool(detachable, kept, noop, 0, 4, Infinity, 1, FIFO), notShared);
  assert.throws(() => new NativePool(kept, detachable, noop, 0, 4, Infinity, 1, FIFO), notShared);
  const { pool } = open();
  for (const regions of [
    [detachable, kept],
    [kept, detachable],
  ]) {
    const ticket = pool.ticket(pool.addWorkers());
    assert.throws(() => new NativePoolWorker(ticket, ...regions, noop, noop, true), notShared);
  }
  pool.close();
});

test('a ticket is random, for one use, and ends with its worker', () => {
  const { NativePoolWorker } = require('../helpers/addon.js').loadAddon();
  const { pool } = open();
  const make = (ticket) => new NativePoolWorker(ticket, region(64), region(64), noop, noop, true);
  const worker = pool.addWorkers();
  const tickets = [pool.ticket(worker), pool.ticket(worker)];
  for (const ticket of tickets) assert.match(ticket, /^[0-9a-f]{32}$/);
  assert.notEqual(tickets[0], tickets[1]);
  make(tickets[0]);
  for (const ticket of [tickets[0], 'x', '']) {
    assert.throws(() => make(ticket), { code: 'ERR_NATIVE_UNKNOWN' });
  }
  pool.removeWorkers(worker);
  assert.throws(() => make(tickets[1]), { code: 'ERR_NATIVE_UNKNOWN' });
  pool.close();
});
