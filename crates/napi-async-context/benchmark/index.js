'use strict';

// The crate against napi-rs' own means, which carry no context:
//
//   node crates/napi-async-context/benchmark/index.js       after npm run test:crate built the demo
//
// Processor time of the whole process, in slices that alternate between the two, each the minimum
// over all slices of a round. Prints nanoseconds, and ratios as the median and the range of rounds.

const { AsyncLocalStorage } = require('node:async_hooks');
const demo = require('../../demo-addon/demo.node');

const ROUNDS = 5;
const SLICES = 60;

const nothing = () => {};

/** A function that resolves when `counter` was called `count` times. */
function counted() {
  let left = 0;
  let done;
  const counter = () => {
    if (--left === 0) done();
  };
  const after = (count, start) =>
    new Promise((resolve) => {
      left = count;
      done = resolve;
      start();
    });
  return { counter, after };
}

function posts(Class, start) {
  const { counter, after } = counted();
  const target = new Class(counter);
  return (count) => after(count, () => start(target, count));
}

const burst = (target, count) => target.burst(count);
const each = (target, count) => {
  for (let i = 0; i < count; i++) target.post(i);
};
const all = (start) => (count) => Promise.all(Array.from({ length: count }, (_, i) => start(i)));

/** By name: operations a slice, the crate's way, and the plain one, if there is one. */
const cases = {
  'capture and release': [4000, (n) => demo.captureLoop(n)],
  'run a closure': [4000, (n) => demo.runLoop(n)],
  'call a function': [
    8000,
    (n) => demo.callLoop(nothing, n),
    (n) => demo.plainCallLoop(nothing, n),
  ],
  'callback, one call site': [2000, posts(demo.Posts, burst), posts(demo.PlainPosts, burst)],
  'callback, captured each': [1000, posts(demo.Posts, each), posts(demo.PlainPosts, each)],
  'spawn_blocking / AsyncTask': [500, all(demo.contextTask), all(demo.plainTask)],
  'spawn / async fn': [500, all(demo.contextFuture), all(demo.plainFuture)],
};

async function slice(operation, count) {
  const { user, system } = process.cpuUsage();
  await operation(count);
  const end = process.cpuUsage();
  return ((end.user - user + end.system - system) * 1000) / count;
}

async function round([count, ...operations]) {
  const best = operations.map(() => Infinity);
  for (let i = 0; i < SLICES; i++) {
    for (const [at, operation] of operations.entries()) {
      best[at] = Math.min(best[at], await slice(operation, count));
      await new Promise((resolve) => setImmediate(resolve)); // what was dropped is freed
    }
  }
  return best;
}

const median = (numbers) =>
  numbers.toSorted?.((a, b) => a - b)[numbers.length >> 1] ??
  [...numbers].sort((a, b) => a - b)[numbers.length >> 1];

async function main() {
  console.log(`${process.version}${' '.repeat(18)}crate    plain   ratio`);
  for (const [name, entry] of Object.entries(cases)) {
    await round(entry); // V8 compiles, and threads start
    const rounds = [];
    for (let i = 0; i < ROUNDS; i++) rounds.push(await round(entry));
    const [crate, plain] = [0, 1].map((at) => Math.min(...rounds.map((best) => best[at])));
    const ratios = rounds.map(([a, b]) => a / b);
    const ns = (value) => `${Math.round(value)} ns`.padStart(9);
    const spread = [Math.min(...ratios), Math.max(...ratios)].map((r) => r.toFixed(2)).join('-');
    const compared = Number.isFinite(plain)
      ? `${ns(plain)}    ${median(ratios).toFixed(2)} (${spread})`
      : '';
    console.log(`${name.padEnd(26)}${ns(crate)}${compared}`);
  }
  process.exit(); // napi-rs' threadsafe functions would keep it alive
}

new AsyncLocalStorage().run({}, main);
