'use strict';

// Submits tasks, so many at once, and prints how long they took:
// node submit.js <ours|bullmq> <queue> <port> <tasks> <at once>

process.chdir(require('node:path').resolve(__dirname, '../../__test__/queue'));

const [contender, name, port, count, atOnce] = process.argv.slice(2);
const connection = { host: '127.0.0.1', port: Number(port) };
const WARM_UP = 500;

function ours() {
  const { QueuePool } = require('../../bullmq.js');
  const pool = new QueuePool(name, { connection });
  return { run: (task) => pool.run(task), close: () => pool.close() };
}

async function bullmq() {
  const { Queue, QueueEvents } = require('../../__test__/queue/node_modules/bullmq');
  const queue = new Queue(name, { connection }).setMaxListeners(0);
  const events = new QueueEvents(name, { connection, lastEventId: '0' }).setMaxListeners(0);
  await events.waitUntilReady();
  const options = { removeOnComplete: { age: 3600 }, removeOnFail: { age: 3600 } };
  return {
    async run(task) {
      const job = await queue.add('task', task, options);
      return job.waitUntilFinished(events);
    },
    close: () => Promise.all([queue.close(), events.close()]),
  };
}

async function measure(run, tasks) {
  let next = 0;
  const submit = async () => {
    while (next < tasks) {
      const a = next++;
      const sum = await run({ a, b: 1 });
      if (sum !== a + 1) throw new Error(`${a} + 1 is not ${sum}`);
    }
  };
  const started = process.hrtime.bigint();
  await Promise.all(Array.from({ length: Number(atOnce) }, submit));
  return Number(process.hrtime.bigint() - started) / 1e9;
}

async function main() {
  const { run, close } = await { ours, bullmq }[contender]();
  await measure(run, WARM_UP);
  process.send('warm');
  await new Promise((resolve) => {
    process.once('message', resolve);
  });
  const seconds = await measure(run, Number(count));
  const { user, system } = process.cpuUsage();
  process.send({ seconds, cpu: (user + system) / 1e6 });
  await new Promise((resolve) => {
    process.once('message', resolve);
  });
  await close();
  process.disconnect();
}

main();
