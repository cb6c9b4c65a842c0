'use strict';

// node benchmark/queue/index.js [--rounds <n>] [--tasks <n>] [--at-once <n>] [--threads <n>]
// README.md says what is compared. Linux only: processor time is read from /proc.

const { execFileSync, fork, spawn } = require('node:child_process');
const { once } = require('node:events');
const fs = require('node:fs');
const path = require('node:path');
const { parseArgs } = require('node:util');
const { installLocked } = require('../../scripts/npm.js');
const { Redis } = require('../../__test__/queue/helpers/redis.js');

const text = { type: 'string' };
const { values } = parseArgs({
  options: {
    'rounds': { ...text, default: '7' },
    'tasks': { ...text, default: '5000' },
    'at-once': { ...text, default: '100' },
    'threads': { ...text, default: '2' },
  },
});
const { rounds, tasks, threads, 'at-once': atOnce } = values;
const TICKS = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

const here = (...names) => path.join(__dirname, ...names);
const folder = here('../../__test__/queue');
const command = here('../../bin/async-hooks-rs.js');

const bullmq = (kind, concurrency) => ({
  submitter: 'bullmq',
  server: (queue, { port }) => [here('bullmq-worker.js'), queue, port, kind, concurrency],
});

const contenders = {
  'QueuePool': {
    submitter: 'ours',
    server: (queue, { port }) => [
      ...[command, 'work', queue, here('add.cjs'), '--threads', threads],
      ...['--redis', `redis://127.0.0.1:${port}`],
    ],
  },
  'BullMQ, processes': bullmq('processes', threads),
  'BullMQ, processes, twice as many': bullmq('processes', 2 * threads),
  'BullMQ, threads': bullmq('threads', threads),
};

/** Processor time of a process and of those that it has started, in seconds. */
function cpuOf(pid) {
  const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
  const [user, system] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13);
  const children = fs.readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return children
    .split(' ')
    .filter(Boolean)
    .reduce((sum, child) => sum + cpuOf(child), (Number(user) + Number(system)) / TICKS);
}

async function measure({ submitter, server }, round) {
  const redis = await Redis.start({ appendonly: 'no' });
  const queue = `round-${round}`;
  const serving = spawn(process.execPath, server(queue, redis.connection).map(String), {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  await once(serving.stderr, 'data');
  const { port } = redis.connection;
  const child = fork(here('submit.js'), [submitter, queue, port, tasks, atOnce].map(String));
  try {
    await once(child, 'message');
    const all = () => cpuOf(serving.pid) + cpuOf(child.pid) + cpuOf(redis.pid);
    const before = all();
    child.send('go');
    const [{ seconds }] = await once(child, 'message');
    return { rate: tasks / seconds, cpu: ((all() - before) / tasks) * 1e6 };
  } finally {
    child.kill('SIGKILL');
    serving.kill('SIGKILL');
    await redis.stop();
  }
}

function quartiles(list) {
  const sorted = [...list].sort((a, b) => a - b);
  const at = (part) => sorted[Math.round((sorted.length - 1) * part)];
  return [at(0.5), at(0.25), at(0.75)];
}

async function main() {
  installLocked(folder);
  const samples = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, contender] of Object.entries(contenders)) {
      samples[name].push(await measure(contender, round));
    }
  }
  console.log(
    `Node ${process.version}, ${rounds} rounds of ${tasks} tasks, ${atOnce} at once, ` +
      `${threads} threads; median (quartiles)`,
  );
  const { QueuePool: ours } = samples;
  for (const [name, list] of Object.entries(samples)) {
    const [rate, ...spread] = quartiles(list.map((sample) => sample.rate));
    const [cpu] = quartiles(list.map((sample) => sample.cpu));
    const ratio = quartiles(list.map((sample, i) => ours[i].rate / sample.rate));
    const [times, low, high] = ratio.map((value) => value.toFixed(2));
    console.log(
      `${name.padEnd(34)} ${rate.toFixed(0)}/s (${spread.map((value) => value.toFixed(0))}), ` +
        `${cpu.toFixed(0)} us of processors a task; QueuePool is ${times} (${low}, ${high}) times as fast`,
    );
  }
}

main();
