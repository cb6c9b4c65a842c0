'use strict';

// An agent, as those that watch programs in production, which is preloaded and hooks the loading of
// modules: with require-in-the-middle, with import-in-the-middle, before and after the preloads
// that this program itself was started with. The classes stay what they are here, in every order.

const { AsyncLocalStorage } = require('node:async_hooks');
const { spawn } = require('node:child_process');
const { once } = require('node:events');
const path = require('node:path');
const { classSource } = require('./preload/class-source.js');

const file = (name) => path.join(__dirname, 'preload', name);
const REQUIRED = ['--require', file('agent.cjs')];
const IMPORTED = ['--import', file('agent.mjs')];
const own = process.execArgv;
// Required preloads come before imported ones, whatever their order on the command line.
const ownImported = own.map((argument) => (argument === '--require' ? '--import' : argument));
const here = `class: ${classSource(AsyncLocalStorage)}\n`;

const ORDERS = {
  'an agent that hooks require(), before': [...REQUIRED, ...own],
  'an agent that hooks require(), after': [...own, ...REQUIRED],
  'an agent that hooks both, before': [...REQUIRED, ...IMPORTED, ...ownImported],
  'an agent that hooks both, after': [...ownImported, ...REQUIRED, ...IMPORTED],
};

async function run(execArgv) {
  const child = spawn(process.execPath, [...execArgv, file('program.mjs')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const closed = once(child, 'close');
  let output = '';
  for await (const text of child.stdout.setEncoding('utf8')) output += text;
  const [code] = await closed;
  return output.replace(here, 'class: as in the process that started this\n') + `exit code ${code}`;
}

async function main() {
  for (const [name, execArgv] of Object.entries(ORDERS)) {
    console.log(`-- ${name}`);
    console.log(await run(execArgv));
  }
}

main();
