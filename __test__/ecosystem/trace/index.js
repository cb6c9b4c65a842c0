'use strict';

// The programs in clients/ under `async-hooks-rs trace`: each prints what it prints without, and
// the finder says of each row what rows.js says. `--only <text>` picks programs, `--node 20,24`
// versions (default: 24).

const { spawn } = require('node:child_process');
const { once } = require('node:events');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { parseArgs } = require('node:util');
const { nodeVersions } = require('../../../scripts/node-versions.js');
const { testEnvironment } = require('../../../scripts/test-environment.js');
const { expectedOutput, findClients, installDependencies } = require('../clients.js');
const { startServices, stopServices } = require('../services/index.js');
const { healthy, rows, verdict } = require('./rows.js');

const TIME_LIMIT = 120_000;
const COMMAND = path.resolve(__dirname, '../../../bin/async-hooks-rs.js');
const folder = path.resolve(__dirname, '..');

const { values: options } = parseArgs({
  options: { only: { type: 'string', default: '' }, node: { type: 'string', default: '24' } },
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

/** What rows.js expects of a program and was not seen. */
function missing(client, findings) {
  const seen = (certain, part) =>
    findings.some(
      (finding) =>
        finding.certain === certain && linesOf(finding).some((line) => line.includes(part)),
    );
  const own = rows.filter((row) => row.client === client.name);
  const wrong = own.flatMap(({ where, certain = [], possible = [] }) => [
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

async function main() {
  const known = new Set([...healthy, ...rows.map(({ client }) => client)]);
  const clients = findClients(options.only).filter(({ name }) => known.has(name));
  const binaries = nodeVersions(options.node.split(',').map(Number));
  installDependencies();
  const services = new Map();
  let failed = 0;
  try {
    await startServices(clients, services, new AbortController().signal);
    for (const [major, node] of binaries) {
      for (const client of clients.filter((each) => each.node.includes(major))) {
        const { wrong, findings } = await traced(client, major, node, services);
        wrong.push(...missing(client, findings));
        if (wrong.length > 0) failed++;
        console.log(`${wrong.length === 0 ? 'passed' : 'FAILED'}  ${client.name}, Node ${major}`);
        for (const line of wrong) console.log(`    ${line}`);
        for (const row of rows.filter((each) => each.client === client.name)) {
          console.log(`    ${verdict(row).padEnd(9)} ${row.where}`);
        }
      }
    }
    console.log(`\n${clients.length * binaries.size - failed} passed, ${failed} failed`);
    if (failed > 0) process.exitCode = 1;
  } finally {
    await stopServices(services);
  }
}

main().catch((error) => {
  console.error(`test:trace-ecosystem: ${error.code ? `${error.code}: ` : ''}${error.message}`);
  process.exitCode = 1;
});
