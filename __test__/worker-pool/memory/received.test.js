'use strict';

// Received binary data belongs to its receiver, as if it had allocated it: wherever its memory
// comes from, it can be transferred on, in the owner of the pool and in its threads.

const assert = require('node:assert/strict');
const { poolSuite } = require('../../helpers/pool-suite.js');
const { runProgram } = require('../../helpers/program.js');
const { takesBlocks, withCopies } = require('../../helpers/received-memory.js');

const test = poolSuite();

const SIZE = 8 << 20;

const hosts = {
  'this host': { options: {}, allocated: !takesBlocks },
  'a host with an unknown V8': { options: withCopies, allocated: true },
};

async function receive({ size, owner }) {
  const { once } = require('node:events');
  const { Worker } = require('node:worker_threads');
  if (owner === 'a Worker') {
    const worker = new Worker(
      `
      const { parentPort, workerData: { program, data } } = require('node:worker_threads');
      eval('(' + program + ')')(data).then((result) => parentPort.postMessage(result));`,
      { eval: true, workerData: { program: `${receive}`, data: { size, owner: 'itself' } } },
    );
    const [result] = await once(worker, 'message');
    return result;
  }
  const { WorkerPool } = require('async-hooks-rs');
  const { MessageChannel, receiveMessageOnPort } = require('node:worker_threads');
  const { fixture, messages } = require('./__test__/helpers/with-pool.js');
  const maker = new WorkerPool(1, fixture('buffers-keep.js'));
  const taker = new WorkerPool(1, fixture('received-memory.js'));
  const bytes = await maker.run({ size, fill: 7 });
  const allocated = process.memoryUsage().arrayBuffers >= size;

  const { port1, port2 } = new MessageChannel();
  port1.postMessage(bytes, [bytes.buffer]);
  const { message } = receiveMessageOnPort(port2);
  port1.close();
  const clone = structuredClone(message, { transfer: [message.buffer] });

  const { values: posted, enough } = messages(taker, 2);
  const inThread = await taker.run(clone, { transferList: [clone.buffer] });
  const received = await taker.run(new Uint8Array(size).fill(9));
  await enough;
  const sums = posted.map((list) => list.reduce((sum, byte) => sum + byte, 0));
  await Promise.all([maker.close(), taker.close()]);
  return {
    allocated,
    left: [bytes.length, message.length, clone.length],
    inThread,
    received,
    sums,
  };
}

for (const [host, { options, allocated }] of Object.entries(hosts)) {
  for (const owner of ['the main thread', 'a Worker']) {
    test(`${host}, owner ${owner}: what was received is transferred on`, async () => {
      const result = await runProgram(receive, { data: { size: SIZE, owner }, ...options });
      assert.deepEqual(result, {
        allocated,
        left: [0, 0, 0],
        // Its memory was transferred to the thread, which did not allocate it either.
        inThread: { allocated: false, left: [0, 0, 0] },
        received: { allocated, left: [0, 0, 0] },
        sums: [7 * SIZE, 9 * SIZE],
      });
    });
  }
}
