'use strict';

// Which labels the profiler finds: its own, by getContext(), and those of its samples, which are
// taken in a signal handler.

const { time, otelThreadCtx } = require('@datadog/pprof');
const { AsyncLocalStorage } = require(process.env.APP_CLASS);
const { beBusy } = require('./busy.js');

const app = new AsyncLocalStorage();
const labels = new Map();

function look(name) {
  labels.set(name, new Map());
  beBusy(name);
  console.log(`${name}: ${time.getContext()?.label}`);
}

async function main() {
  look('outside');
  app.run(1, () => {
    time.setContext({ label: 'a' });
    look('setInside');
  });
  time.runWithContext({ label: 'b' }, () => look('inTheAgents'));
  time.runWithContext({ label: 'c' }, () => app.run(1, () => look('inside')));
  app.run(1, () => time.runWithContext({ label: 'd' }, () => look('around')));
  await time.runWithContext({ label: 'e' }, () =>
    app.run(1, async () => {
      await null;
      look('awaited');
      app.enterWith(2);
      look('entered');
      await new Promise((resolve) => setTimeout(resolve, 1));
      look('timer');
    }),
  );

  console.log('samples:');
  time.stop(false, ({ node, context }) => {
    const found = labels.get(node.name);
    const label = context?.context?.label;
    found?.set(label, (found.get(label) ?? 0) + 1);
    return {};
  });
  for (const [name, found] of labels) {
    const [most] = [...found].sort((a, b) => b[1] - a[1]);
    console.log(`${name}: ${most?.[0]}`);
  }
  const thread = new otelThreadCtx.ThreadContext(Buffer.alloc(16, 1), Buffer.alloc(8, 2));
  thread.run(() => {
    const same = otelThreadCtx.getContext() === thread;
    console.log(`a record for other processes: ${same ? 'kept' : 'lost'}`);
  });
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
