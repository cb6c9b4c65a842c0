'use strict';

// Real frameworks and clients over real sockets: each program in clients/ runs on every Node
// version, with the built-in classes and with `--require register.js`, and must print what is
// expected.
// See README.md. `--only <text>` picks programs, `--node 20,24` versions, `--classes ours`
// the runs with our classes.

const path = require('node:path');
const { parseArgs } = require('node:util');
const { supported, nodeVersions } = require('../../scripts/node-versions.js');
const { CLASSES, findClients, installDependencies } = require('./clients.js');
const { runClient } = require('./run-client.js');
const { startServices, stopServices } = require('./services/index.js');

const PARALLEL_RUNS = 2;

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    node: { type: 'string', default: supported.join() },
    classes: { type: 'string', default: CLASSES.join() },
  },
});

const interruption = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  // `on`, because a second signal would end this process before the services are stopped.
  process.on(signal, () => interruption.abort(new Error(`interrupted by ${signal}`)));
}

function choices(option, possible) {
  const chosen = options[option].split(',');
  if (chosen.every((choice) => possible.includes(choice))) return chosen;
  throw Object.assign(
    new RangeError(`--${option} must be out of ${possible}. Received '${options[option]}'`),
    { code: 'ERR_INVALID_OPTION' },
  );
}

function printResult({ client, major, classes }, { passed, report, milliseconds }) {
  const seconds = (milliseconds / 1000).toFixed(1);
  console.log(
    `${passed ? 'passed' : 'FAILED'}  ${client.name}, Node ${major}, ${classes}  ${seconds} s`,
  );
  if (!passed) console.log(report.replace(/^/gm, '    '));
}

async function runAll(runs, services) {
  const results = [];
  const waiting = [...runs];
  const worker = async () => {
    while (waiting.length > 0) {
      const run = waiting.shift();
      const result = await runClient(run, services, interruption.signal);
      interruption.signal.throwIfAborted();
      results.push({ ...run, ...result });
      printResult(run, result);
    }
  };
  await Promise.all(Array.from({ length: PARALLEL_RUNS }, worker));
  return results;
}

function printTable(results, majors) {
  const names = [...new Set(results.map(({ client }) => client.name))].sort();
  const width = Math.max(...names.map((name) => name.length)) + 2;
  const cell = (name, major) => {
    const here = results.filter((result) => result.client.name === name && result.major === major);
    if (here.length === 0) return '-';
    const failed = here.filter(({ passed }) => !passed);
    return failed.length === 0 ? 'passed' : failed.map(({ classes }) => `${classes}!`).join(' ');
  };
  const line = (first, cells) =>
    console.log(`${first.padEnd(width)}${cells.map((text) => text.padEnd(16)).join('')}`.trimEnd());
  console.log();
  line(
    '',
    majors.map((major) => `Node ${major}`),
  );
  for (const name of names) {
    line(
      name,
      majors.map((major) => cell(name, major)),
    );
  }
}

async function main() {
  const clients = findClients(options.only);
  const register = path.resolve(__dirname, '../../register.js');
  const majors = choices('node', supported.map(String)).map(Number);
  const kinds = choices('classes', CLASSES);
  const binaries = nodeVersions(majors);
  installDependencies();
  const runs = clients
    .flatMap((client) =>
      [...binaries].flatMap(([major, node]) =>
        kinds.map((classes) => ({ client, major, node, classes, register })),
      ),
    )
    .filter(({ client, major }) => client.node.includes(major))
    .filter(({ client, classes }) => client.classes.includes(classes));
  if (runs.length === 0) {
    throw Object.assign(new Error(`no program of these is for Node ${majors}`), {
      code: 'ERR_NO_CLIENT',
    });
  }
  const services = new Map();
  try {
    await startServices(clients, services, interruption.signal);
    const results = await runAll(runs, services);
    printTable(results, majors);
    const failed = results.filter(({ passed }) => !passed).length;
    console.log(`\n${results.length - failed} passed, ${failed} failed`);
    if (failed > 0) process.exitCode = 1;
  } finally {
    await stopServices(services);
  }
}

main().catch((error) => {
  console.error(`test:ecosystem: ${error.code ? `${error.code}: ` : ''}${error.message}`);
  process.exitCode = 1;
});
