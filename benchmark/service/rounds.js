'use strict';

// The measurement of an app: servers of all contenders side by side, driven in turn by this
// process. A sample is the result of one turn of each, `{ metric: { contender: value } }`. Less is
// better in every metric.

const { withProcesses, rotated } = require('../processes.js');
const { median } = require('../quotients.js');
const { drive } = require('./client.js');

const TURN_MS = 250; // unless the subject needs more
const TURNS = 16;

// Until the optimizing compiler has also finished with the framework. It starts again when
// connections end for the first time, so one long turn is not enough.
const WARM_UP_MS = [750, 250, 250, 250, 250];

function processorTime() {
  const { user, system } = process.cpuUsage();
  return user + system;
}

async function driven(subject, contender, url, milliseconds) {
  try {
    return await drive(url, milliseconds, subject.tracked(contender));
  } catch (error) {
    throw new Error(`${contender}: ${error.message}`, { cause: error });
  }
}

/** One turn of one contender. `client` is the client's share of what the server needed. */
async function turn(subject, contender, server, url) {
  const serverBefore = await server.ask('cpu');
  const clientBefore = processorTime();
  const { requests, time, p99 } = await driven(subject, contender, url, subject.turn ?? TURN_MS);
  const client = processorTime() - clientBefore;
  const served = (await server.ask('cpu')) - serverBefore;
  const rss = await server.ask('rss');
  return { costs: { time, p99, cpu: served / requests, rss }, client: client / served };
}

/** One round, with fresh servers. */
async function serve(node, subject, round) {
  return withProcesses(node, subject, async (processes) => {
    const urls = {};
    for (const contender of subject.contenders) {
      const found = await processes[contender].ask('contender');
      const wanted = subject.classOf?.(contender) ?? contender;
      if (found !== wanted) throw new Error(`${contender}: the class is that of ${found}`);
      urls[contender] = await processes[contender].ask('listen');
    }
    for (const milliseconds of WARM_UP_MS) {
      for (const contender of rotated(subject.contenders, round)) {
        await driven(
          subject,
          contender,
          urls[contender],
          Math.max(milliseconds, subject.turn ?? 0),
        );
      }
    }
    const turns = [];
    for (let number = 0; number < TURNS; number++) {
      const sample = {};
      for (const contender of rotated(subject.contenders, round + number)) {
        sample[contender] = await turn(subject, contender, processes[contender], urls[contender]);
      }
      turns.push(sample);
    }
    return turns;
  });
}

function sampleOf(subject, turns) {
  const entries = Object.keys(subject.units).map((metric) => [
    metric,
    Object.fromEntries(
      subject.contenders.map((contender) => [contender, turns[contender].costs[metric]]),
    ),
  ]);
  return Object.fromEntries(entries);
}

/** All samples of an app, and the client's share of the server's processor time. */
async function measure(node, subject, rounds) {
  const turns = [];
  for (let round = 0; round < rounds; round++) turns.push(...(await serve(node, subject, round)));
  const client = Object.fromEntries(
    subject.contenders.map((contender) => [
      contender,
      median(turns.map((taken) => taken[contender].client)),
    ]),
  );
  return { samples: turns.map((taken) => sampleOf(subject, taken)), client };
}

module.exports = { measure };
