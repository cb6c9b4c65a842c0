'use strict';

// An idle pool uses no processor time and does not wake up.

const assert = require('node:assert/strict');
const { runProgram } = require('../../helpers/program.js');
const { test, processors } = require('../../helpers/pool-session.js');

// Measures a process with `pools` pools of four threads while it waits, in ms of processor time and
// in voluntary context switches (one per wake-up). The least of three runs.
async function measure({ processor, pools, milliseconds }) {
  const fs = require('node:fs');
  const { setTimeout: sleep } = require('node:timers/promises');
  const { WorkerPool } = require('async-hooks-rs');
  const folder = '/proc/self/task';
  const switches = () =>
    !fs.existsSync(folder)
      ? 0
      : fs
          .readdirSync(folder)
          .map((id) => fs.readFileSync(`${folder}/${id}/status`, 'utf8'))
          .reduce(
            (sum, text) => sum + Number(/^voluntary_ctxt_switches:\s*(\d+)/m.exec(text)[1]),
            0,
          );

  const opened = Array.from({ length: pools }, () => new WorkerPool(4, processor ?? undefined));
  for (const pool of opened) {
    await Promise.all(Array.from({ length: 200 }, (_, a) => pool.run({ action: 'add', a, b: 1 })));
  }
  await sleep(500); // V8's work after the start is not the pool's
  let cpu = Infinity;
  let wakeups = Infinity;
  for (let i = 0; i < 3; i++) {
    const usage = process.cpuUsage();
    const woken = switches();
    await sleep(milliseconds);
    wakeups = Math.min(wakeups, switches() - woken);
    const { user, system } = process.cpuUsage(usage);
    cpu = Math.min(cpu, (user + system) / 1000);
  }
  await Promise.all(opened.map((pool) => pool.close()));
  return { cpu, wakeups };
}

const MILLISECONDS = 700;

for (const [form, processor] of processors('failures')) {
  test(`an idle pool uses no processor time, ${form}`, async () => {
    const bare = await runProgram(measure, {
      data: { processor, pools: 0, milliseconds: MILLISECONDS },
    });
    const idle = await runProgram(measure, {
      data: { processor, pools: 2, milliseconds: MILLISECONDS },
    });
    // A thread that looked for work in between, even once every 10 ms, would exceed both.
    assert.ok(idle.cpu < bare.cpu + 30, `${idle.cpu} ms, without pools ${bare.cpu} ms`);
    assert.ok(
      idle.wakeups < bare.wakeups + 60,
      `${idle.wakeups} wake-ups, without pools ${bare.wakeups}`,
    );
  });
}
