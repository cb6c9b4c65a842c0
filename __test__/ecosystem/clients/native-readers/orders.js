'use strict';

// Runs a program under an agent whose addon reads V8's slot, once for each order of preloads, and
// prints what native code sees there. The classes that a run is about come with the preloads that
// this process itself was started with.

const { spawn } = require('node:child_process');
const { once } = require('node:events');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const file = (name) => path.join(__dirname, name);
const own = process.execArgv;
const ownPackage = path.resolve(__dirname, '..', '..', '..', '..', 'index.js');

// On the one version that has AsyncContextFrame behind a flag.
const FRAMES_ON = '--experimental-async-context-frame';
const frames = process.allowedNodeEnvironmentFlags.has(FRAMES_ON) ? [FRAMES_ON] : [];

/**
 * @param {string} agent  preloaded, in this folder
 * @param {string} program  in this folder; `APP_CLASS` says whose class its storages are
 */
async function runInEveryOrder(agent, program) {
  const required = ['--require', file(agent)];
  const orders = {
    'the agent alone': { execArgv: required },
    'the agent, then the preloads of this run': { execArgv: [...required, ...own] },
    'the preloads of this run, then the agent': { execArgv: [...own, ...required] },
    'the agent; the program imports its class from this package': {
      execArgv: required,
      appClass: ownPackage,
    },
  };
  // Agents leave files in the working directory.
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'ecosystem-'));
  process.once('exit', () => fs.rmSync(folder, { recursive: true, force: true }));
  const outputs = Object.values(orders).map((order) => run(program, folder, order));
  for (const [i, name] of Object.keys(orders).entries()) {
    console.log(`-- ${name}`);
    console.log(await outputs[i]);
  }
}

async function run(program, folder, { execArgv, appClass = 'node:async_hooks' }) {
  const child = spawn(process.execPath, [...frames, ...execArgv, file(program)], {
    cwd: folder,
    env: { ...process.env, APP_CLASS: appClass },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const closed = once(child, 'close');
  let output = '';
  for await (const text of child.stdout.setEncoding('utf8')) output += text;
  const [code] = await closed;
  return `${output}exit code ${code}`;
}

module.exports = { runInEveryOrder };
