'use strict';

// The measurement of a case, by its kind. Each function runs one round and returns its samples,
// which are `{ metric: { contender: value } }`. Less is better in every metric.

const { withProcesses, runScript, rotated } = require('./processes.js');
const { Client } = require('./http.js');

// Of a loop, per contender and round. The quickest slice counts: other load only ever adds.
const SLICES = 10;

const WARM_UP_SLICES = 4; // of a server; it takes about a second to be compiled
const SERVER_SLICE_MS = 250;

/**
 * Loops: fresh processes, and slices of the contenders in turn. `request` is what one is asked for,
 * `metric` what that is.
 */
async function loop(node, subject, round, request = 'measure', metric = 'time') {
  return withProcesses(node, subject, async (processes) => {
    const slices = {};
    for (const contender of rotated(subject.contenders, round)) {
      await processes[contender].ask('warmUp');
      slices[contender] = [];
    }
    for (let slice = 0; slice < SLICES; slice++) {
      for (const contender of rotated(subject.contenders, round + slice)) {
        slices[contender].push(await processes[contender].ask(request));
      }
    }
    const least = {};
    for (const contender of subject.contenders) least[contender] = Math.min(...slices[contender]);
    return [{ [metric]: least }];
  });
}

/** One round of a loop, of processor time: for a machine that is not quiet. */
function processorTime(node, subject) {
  return loop(node, subject, 0, 'measureCpu', 'cpu');
}

/** One figure per process: a script that prints its metrics. */
async function script(node, subject, round) {
  const sample = {};
  for (const contender of rotated(subject.contenders, round)) {
    const metrics = await runScript(node, subject.command(contender));
    for (const [metric, value] of Object.entries(metrics)) {
      sample[metric] ??= {};
      sample[metric][contender] = value;
    }
  }
  return [sample];
}

/** Servers side by side, driven in turn. A sample per turn; each round has fresh servers. */
async function server(node, subject) {
  return withProcesses(node, subject, async (processes) => {
    const clients = {};
    try {
      for (const contender of subject.contenders) {
        clients[contender] = await Client.connect(await processes[contender].ask('listen'));
      }
      for (let slice = 0; slice < WARM_UP_SLICES; slice++) {
        for (const contender of subject.contenders) await clients[contender].drive(SERVER_SLICE_MS);
      }
      const samples = [];
      for (let slice = 0; slice < subject.slices; slice++) {
        const sample = { time: {}, cpu: {} };
        for (const contender of rotated(subject.contenders, slice)) {
          const before = await processes[contender].ask('cpu');
          const { requests, elapsed } = await clients[contender].drive(SERVER_SLICE_MS);
          const after = await processes[contender].ask('cpu');
          sample.time[contender] = (elapsed * 1e3) / requests;
          sample.cpu[contender] = (after - before) / requests;
        }
        samples.push(sample);
      }
      return samples;
    } finally {
      for (const client of Object.values(clients)) client.close();
    }
  });
}

const kinds = { loop, script, server };

/** All samples of a case. */
async function measure(node, subject, rounds) {
  const samples = [];
  for (let round = 0; round < subject.rounds(rounds); round++) {
    samples.push(...(await kinds[subject.kind](node, subject, round)));
  }
  return samples;
}

module.exports = { measure, processorTime };
