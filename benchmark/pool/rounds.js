'use strict';

// The measurement of a case. Each function runs one round and returns its sample, which is
// `{ metric: { contender: value } }`. Less is better in every metric.

const path = require('node:path');
const { runScript, rotated } = require('../processes.js');
const { withProcesses } = require('./processes.js');

const START = path.join(__dirname, 'start.js');
const MEMORY = path.join(__dirname, 'memory.js');

// Per contender and round. The quickest burst counts: other load only ever adds.
const SLICES = 8;

function enter(sample, contender, costs) {
  for (const [metric, value] of Object.entries(costs)) {
    sample[metric] ??= {};
    sample[metric][contender] = value;
  }
}

function least(slices) {
  const metrics = Object.keys(slices[0]);
  return Object.fromEntries(
    metrics.map((metric) => [metric, Math.min(...slices.map((slice) => slice[metric]))]),
  );
}

/** Fresh processes, and slices of the contenders in turn. */
async function work(node, subject, threads, round) {
  return withProcesses(node, subject, threads, async (processes) => {
    const slices = {};
    for (const contender of rotated(subject.contenders, round)) {
      await processes[contender].ask('warmUp');
      slices[contender] = [];
    }
    for (let slice = 0; slice < SLICES; slice++) {
      for (const contender of rotated(subject.contenders, round + slice)) {
        slices[contender].push(await processes[contender].ask('slice'));
      }
    }
    const sample = {};
    for (const contender of subject.contenders) {
      enter(sample, contender, least(slices[contender]));
      enter(sample, contender, await processes[contender].ask('trips'));
    }
    return sample;
  });
}

/** A process per contender that does one task and ends. */
async function start(node, subject, threads, round) {
  const sample = {};
  for (const contender of rotated(subject.contenders, round)) {
    const begin = performance.now();
    const costs = await runScript(node, [START, subject.name, contender, `${threads}`]);
    enter(sample, contender, { ...costs, process: performance.now() - begin });
  }
  return sample;
}

/** A process per contender that says how much memory it takes. */
async function memory(node, subject, threads, round) {
  const sample = {};
  for (const contender of rotated(subject.contenders, round)) {
    const args = ['--expose-gc', MEMORY, subject.name, contender, `${threads}`];
    enter(sample, contender, await runScript(node, args));
  }
  return sample;
}

function runner(subject) {
  if (subject.start) return start;
  return subject.memory ? memory : work;
}

/** All samples of a case. */
async function measure(node, subject, threads, rounds) {
  const samples = [];
  for (let round = 0; round < rounds; round++) {
    samples.push(await runner(subject)(node, subject, threads, round));
  }
  return samples;
}

module.exports = { measure };
