'use strict';

// Whether the samples in a function have the id of the span that is active there. The profiler
// takes the span from V8's slot, in a signal handler.

const { executionAsyncId } = require('node:async_hooks');
const tracer = require('dd-trace');
const { AsyncLocalStorage } = require(process.env.APP_CLASS);
const { beBusy } = require('./busy.js');
const { decodeSamples } = require('./profiles.js');

const app = new AsyncLocalStorage();
const spans = {};

function work(name) {
  spans[name] = tracer.scope().active()?.context().toSpanId();
  beBusy(name);
}

async function main() {
  const tracing = (body) => tracer.trace('job', {}, body);
  tracing(() => work('inTheSpan'));
  tracing(() => app.run(1, () => work('inside')));
  app.run(1, () => tracing(() => work('around')));
  await tracing(() =>
    app.run(1, async () => {
      await null;
      work('awaited');
      app.enterWith(2);
      work('entered');
      await new Promise((resolve) => setTimeout(resolve, 1));
      work('timer');
    }),
  );
  work('outside');
  // The profiler makes Node do so where it finds that it cannot read the stores.
  console.log(`promises are tracked: ${executionAsyncId() !== 0}`);
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});

// The agent writes its profile when the process has nothing left to do.
process.prependOnceListener('exit', () => {
  const samples = decodeSamples(process.env.DD_PROFILING_PPROF_PREFIX);
  for (const [name, id] of Object.entries(spans)) {
    const here = samples.filter(({ functions }) => functions.includes(name));
    const right = here.filter(({ labels }) => labels['span id'] === id);
    const count = right.length > here.length / 2 ? 'most' : `${right.length} of ${here.length}`;
    console.log(`${name}, ${id === undefined ? 'no span' : 'a span'}: ${count} samples`);
  }
});
