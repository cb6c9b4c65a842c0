'use strict';

// What a watchdog sees of the agent's storage, from another thread, while this one is blocked.

const { Worker } = require('node:worker_threads');
const path = require('node:path');
const { AsyncLocalStorage } = require(process.env.APP_CLASS);

const { agentStorage } = globalThis;
const app = new AsyncLocalStorage();

const asked = new Int32Array(new SharedArrayBuffer(8)); // the turn; how long the answer is
const answer = new Uint8Array(new SharedArrayBuffer(1024));
const watchdog = new Worker(path.join(__dirname, 'sentry-watchdog.js'), {
  workerData: { asked, answer },
});

function look(where) {
  Atomics.store(asked, 1, 0);
  Atomics.add(asked, 0, 1);
  Atomics.notify(asked, 0);
  while (Atomics.load(asked, 1) === 0); // blocked, but not so that V8 cannot interrupt
  console.log(`${where}: ${Buffer.from(answer.slice(0, asked[1]))}`);
}

async function main() {
  look('outside');
  agentStorage.run({ request: 1 }, () => look("in the agent's run()"));
  agentStorage.run({ request: 2 }, () => app.run('a', () => look('in run() inside of it')));
  app.run('a', () => agentStorage.run({ request: 3 }, () => look('around it')));
  await agentStorage.run({ request: 4 }, () =>
    app.run('a', async () => {
      await null;
      look('after an await');
      app.enterWith('b');
      look('after enterWith()');
      await new Promise((resolve) => setTimeout(resolve, 1));
      look('after a timer');
    }),
  );
  agentStorage.enterWith({ request: 5 });
  app.run('a', () => {});
  look('after run()');
  Atomics.store(asked, 0, -1);
  Atomics.notify(asked, 0);
}

watchdog.once('online', () =>
  main().catch((error) => {
    console.error(error);
    process.exit(1);
  }),
);
