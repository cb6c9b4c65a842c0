'use strict';

// `npm start`: the HTTP logger of the documentation with real requests, then every example of this
// folder in a process of its own. Ends with exit code 1 if one prints anything but what its
// comment promises. Where the addon is missing, the examples that need it are left out.

const { engine } = require('async-hooks-rs');
const { exampleFiles, needsAddon, documentedOutput } = require('./support/documented.js');
const { runExample, difference } = require('./support/run.js');
const { serve } = require('./support/http-chain.js');

const REQUESTS = 3;

const failures = [];

function report(name, problem) {
  if (problem === undefined) return;
  failures.push(name);
  console.error(`FAILED: ${name}: ${problem}`);
}

async function runLogger() {
  console.log(`== HTTP logger: ${REQUESTS} requests at once, every line with its request's id`);
  report('HTTP logger', await serve(REQUESTS, console.log));
}

async function runExamples(files) {
  // The two forms of an example at once, printed one after the other.
  for (let i = 0; i < files.length; i += 2) {
    const pair = files.slice(i, i + 2);
    const outcomes = await Promise.all(pair.map(runExample));
    for (const [j, outcome] of outcomes.entries()) {
      console.log(`\n== ${pair[j]}`);
      process.stdout.write(outcome.stdout);
      report(pair[j], difference(documentedOutput(pair[j]), outcome));
    }
  }
}

async function main() {
  const { name, reason, slot, native } = engine();
  const all = exampleFiles();
  const files = all.filter((file) => native.loaded || !needsAddon(file));
  await runLogger();
  await runExamples(files);

  if (files.length < all.length) {
    console.log(
      `\nLeft out: ${all.length - files.length} examples of the worker pool, because ` +
        `the native addon cannot be loaded: ${native.reason}`,
    );
  }
  console.log(
    `\nCarried by the engine '${name}' on Node ${process.version}: ${reason}` +
      `${slot === undefined ? '' : ` (slot: ${slot})`}.`,
  );
  if (failures.length > 0) {
    console.error(`${failures.length} did not do what they document: ${failures.join(', ')}`);
    process.exitCode = 1;
  } else {
    console.log(`The HTTP logger and ${files.length} examples did what they document.`);
  }
}

main();
