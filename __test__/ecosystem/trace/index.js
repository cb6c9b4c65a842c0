'use strict';

// The programs in clients/ under `async-hooks-rs trace`: each prints what it prints without, and
// the finder says of each row what rows.js says: all of them on one version, and a few on the others.
// `--only <text>` picks programs, `--node 20,24` versions, on which then all run.

const { spawn } = require('node:child_process');
const { once } = require('node:events');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { parseArgs } = require('node:util');
const { nodeVersions, supported } = require('../../../scripts/node-versions.js');
const { testEnvironment } = require('../../../scripts/test-environment.js');
const { expectedOutput, findClients, installDependencies } = require('../clients.js');
const { startServices, stopServices } = require('../services/index.js');
const { healthy, rows, verdict } = require('./rows.js');

const TIME_LIMIT = 120_000;
// On which all run, and what runs on the others: stores that are carried in other ways there, and
// ES modules that are loaded in another thread.
const MAIN = 24;
const ELSEWHERE = ['express', 'p-queue'];
const COMMAND = path.resolve(__dirname, '../../../bin/async-hooks-rs.js');
const folder = path.resolve(__dirname, '..');

const { values: options } = parseArgs({
  options: { only: { type: 'string', default: '' }, node: { type: 'string' } },
});

/** The findings in a program, and what is wrong with its run. */
async function traced(client, major, node, services) {
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'async-hooks-rs-'));
  const file = path.join(scratch, 'report.json');
  const env = testEnvironment({});
  for (const name of client.services) {
    const run = `${client.name}_${major}_traced`.replace(/\W/g, '_');
    Object.assign(env, await services.get(name).environment(run));
  }
  const args = ['trace', '--possible', '--json', file, '--', node, client.file];
  const child = spawn(process.execPath, [COMMAND, ...args], {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: TIME_LIMIT,
    killSignal: 'SIGKILL',
  });
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text;
  });
  const [code] = await once(child, 'close');
  const wrong = code === 0 ? [] : [`ended with ${code}`];
  if (stdout !== expectedOutput(client.name, major, 'built-in')) wrong.push('prints other lines');
  const { findings } = fs.existsSync(file)
    ? JSON.parse(fs.readFileSync(file, 'utf8'))
    : { findings: [] };
  fs.rmSync(scratch, { recursive: true });
  return { wrong, findings };
}

/** The lines of code at which a finding can be recognized. */
function linesOf({ made, via, read }) {
  return [made, via, read]
    .filter((place) => place !== null && place !== undefined)
    .map(({ line, code }) => code.find((each) => each.line === line)?.text ?? '');
}

/** The rows of a program on a version. */
function rowsOf({ name }, major) {
  return rows.filter(({ client, node = supported }) => client === name && node.includes(major));
}

/** What rows.js expects of a program and was not seen. */
function missing(client, major, findings) {
  const seen = (certain, part) =>
    findings.some(
      (finding) =>
        finding.certain === certain && linesOf(finding).some((line) => line.includes(part)),
    );
  const wrong = rowsOf(client, major).flatMap(({ where, certain = [], possible = [] }) => [
    ...certain.filter((part) => !seen(true, part)).map((part) => `${where}: not found: ${part}`),
    ...possible
      .filter((part) => !seen(false, part))
      .map((part) => `${where}: not possible: ${part}`),
  ]);
  if (!healthy.includes(client.name)) return wrong;
  const certain = findings.filter((finding) => finding.certain).map(({ sentence }) => sentence);
  return [
    ...wrong,
    ...certain.map((sentence) => `a certain finding where all is well: ${sentence}`),
  ];
}

/** Whether a program runs on a version. */
function isFor({ name, node }, major) {
  const isWanted = options.node !== undefined || major === MAIN || ELSEWHERE.includes(name);
  return isWanted && node.includes(major);
}

async function main() {
  const known = new Set([...healthy, ...rows.map(({ client }) => client)]);
  const clients = findClients(options.only).filter(({ name }) => known.has(name));
  const binaries = nodeVersions(options.node?.split(',').map(Number) ?? supported);
  installDependencies();
  const services = new Map();
  let runs = 0;
  let failed = 0;
  try {
    await startServices(clients, services, new AbortController().signal);
    for (const [major, node] of binaries) {
      for (const client of clients.filter((each) => isFor(each, major))) {
        runs++;
        const { wrong, findings } = await traced(client, major, node, services);
        wrong.push(...missing(client, major, findings));
        if (wrong.length > 0) failed++;
        console.log(`${wrong.length === 0 ? 'passed' : 'FAILED'}  ${client.name}, Node ${major}`);
        for (const line of wrong) console.log(`    ${line}`);
        for (const row of rowsOf(client, major)) {
          console.log(`    ${verdict(row).padEnd(9)} ${row.where}`);
        }
      }
    }
    console.log(`\n${runs - failed} passed, ${failed} failed`);
    if (failed > 0) process.exitCode = 1;
  } finally {
    await stopServices(services);
  }
}

main().catch((error) => {
  console.error(`test:trace-ecosystem: ${error.code ? `${error.code}: ` : ''}${error.message}`);
  process.exitCode = 1;
});
