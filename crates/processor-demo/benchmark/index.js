'use strict';

// BLAKE3 of large buffers: the demo addon on the threads of a pool, and on the JavaScript thread
// the npm packages that are installed in a folder outside of the repository:
//
//   npm install --prefix <folder> @napi-rs/blake-hash hash-wasm
//   node crates/processor-demo/benchmark/index.js <folder>    after npm run test:crate built the demo
//
// Ways alternate, round by round; two hashes of a way are under way at a time. Each hash of a round
// is of a buffer of its own, which is filled before the round, because a moved one is gone after it.
// Prints gigabytes a second as the median and the range of the rounds, and the processor time of
// the JavaScript thread. Needs Node 24.

const { createRequire } = require('node:module');
const { availableParallelism } = require('node:os');
const path = require('node:path');
const { performance } = require('node:perf_hooks');
const { WorkerPool } = require('../../../index.js');
const addon = require('../demo.node');

const ROUNDS = 5;
const MEGABYTE = 1024 * 1024;
const SIZES = [1, 10, 64].map((size) => size * MEGABYTE);
const BYTES_A_ROUND = 256 * MEGABYTE;
const AT_ONCE = 2;

const [folder] = process.argv.slice(2);
const requireThere = createRequire(path.resolve(folder ?? '.', 'package.json'));

/** What is in the folder, each as a function from bytes to hexadecimal digits, or to a promise. */
const packages = {
  '@napi-rs/blake-hash':
    ({ blake3 }) =>
    (bytes) =>
      blake3(bytes).toString('hex'),
  'hash-wasm': ({ blake3 }) => blake3,
};

function installed() {
  return Object.entries(packages).flatMap(([name, hashOf]) => {
    try {
      return [[name, hashOf(requireThere(name))]];
    } catch (error) {
      if (error.code !== 'MODULE_NOT_FOUND') throw error;
      console.log(`${name} is not installed in ${folder}`);
      return [];
    }
  });
}

/** Hashes so many buffers that it is about as many bytes as any other round. */
async function round(hash, size) {
  const tasks = Math.ceil(BYTES_A_ROUND / size);
  const buffers = Array.from({ length: tasks + AT_ONCE }, () => filled(size));
  const next = async () => {
    while (buffers.length > 0) await hash(buffers.pop());
  };
  await Promise.all([hash(buffers.pop()), hash(buffers.pop())]); // what copies take is warm then
  const before = process.threadCpuUsage();
  const start = performance.now();
  await Promise.all(Array.from({ length: AT_ONCE }, next));
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.threadCpuUsage(before);
  const gigabytes = (tasks * size) / 1e9;
  return { rate: gigabytes / seconds, cpu: (user + system) / 1000 / gigabytes };
}

/** A buffer with an ArrayBuffer of its own, so that it can be moved. */
const filled = (size) => Buffer.from(new ArrayBuffer(size)).fill('BLAKE3');

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

async function main() {
  const pools = [...new Set([1, availableParallelism()])].map(
    (threads) => new WorkerPool(threads, { native: 'blake3', addon }),
  );
  const hex = (bytes) => Buffer.from(bytes).toString('hex');
  const ours = pools.flatMap((pool) => [
    [`pool of ${pool.maxThreads}`, async (buffer) => hex(await pool.run(buffer))],
    [
      `pool of ${pool.maxThreads}, moved`,
      async (buffer) => hex(await pool.run(buffer, { transferList: [buffer.buffer] })),
    ],
  ]);
  const ways = [...ours, ...installed()];
  for (const size of SIZES) {
    const hashes = new Set(await Promise.all(ways.map(([, hash]) => hash(filled(size)))));
    if (hashes.size !== 1) throw new Error('the ways differ');
    const results = new Map(ways.map(([name]) => [name, []]));
    for (let i = 0; i < ROUNDS; i++) {
      for (const [name, hash] of ways) results.get(name).push(await round(hash, size));
    }
    console.log(`${size / MEGABYTE} MB`);
    for (const [name, rounds] of results) {
      const rates = rounds.map(({ rate }) => rate);
      const cpu = median(rounds.map((each) => each.cpu));
      const range = `${Math.min(...rates).toFixed(2)} to ${Math.max(...rates).toFixed(2)}`;
      console.log(
        `  ${name.padEnd(22)}${median(rates).toFixed(2)} GB/s (${range}), ` +
          `thread ${cpu.toFixed(0)} ms/GB`,
      );
    }
  }
  await Promise.all(pools.map((pool) => pool.close()));
}

main();
