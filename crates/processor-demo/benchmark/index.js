'use strict';

// BLAKE3 of large buffers: the demo addon on the threads of a pool, and on the JavaScript thread
// the npm packages that are installed in a folder outside of the repository:
//
//   npm install --prefix <folder> @napi-rs/blake-hash hash-wasm
//   node crates/processor-demo/benchmark/index.js <folder>    after npm run test:crate built the demo
//
// Ways alternate, round by round; two hashes of a way are under way at a time. Prints
// gigabytes a second as the median and the range of the rounds, and the processor time of the
// JavaScript thread. Needs Node 24.

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

/** Hashes the buffer so often that it is about as many bytes as any other round. */
async function round(hash, buffer) {
  const tasks = Math.ceil(BYTES_A_ROUND / buffer.length);
  let left = tasks;
  const next = async () => {
    while (left-- > 0) await hash(buffer);
  };
  await Promise.all([hash(buffer), hash(buffer)]); // the memory that it takes is warm then
  const before = process.threadCpuUsage();
  const start = performance.now();
  await Promise.all(Array.from({ length: AT_ONCE }, next));
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.threadCpuUsage(before);
  const gigabytes = (tasks * buffer.length) / 1e9;
  return { rate: gigabytes / seconds, cpu: (user + system) / 1000 / gigabytes };
}

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

async function main() {
  const pools = [...new Set([1, availableParallelism()])].map(
    (threads) => new WorkerPool(threads, { native: 'blake3', addon }),
  );
  const ours = pools.map((pool) => [
    `pool of ${pool.maxThreads}`,
    async (buffer) => Buffer.from(await pool.run(buffer)).toString('hex'),
  ]);
  const ways = [...ours, ...installed()];
  for (const size of SIZES) {
    const buffer = Buffer.alloc(size, 'BLAKE3');
    const hashes = new Set(await Promise.all(ways.map(([, hash]) => hash(buffer))));
    if (hashes.size !== 1) throw new Error('the ways differ');
    const results = new Map(ways.map(([name]) => [name, []]));
    for (let i = 0; i < ROUNDS; i++) {
      for (const [name, hash] of ways) results.get(name).push(await round(hash, buffer));
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
