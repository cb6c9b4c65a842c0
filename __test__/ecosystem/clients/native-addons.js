'use strict';

// Addons whose callbacks Node itself does not bind: without keepNativeCallbacks() and with it, and
// with the classes that this program was started with. With ours, what `register` does by default
// stands for `arguments`.

const { spawn } = require('node:child_process');
const { once } = require('node:events');
const path = require('node:path');

const file = (name) => path.join(__dirname, 'native-addons', name);
const VARIABLE = 'ASYNC_HOOKS_RS_NATIVE_CALLBACKS';
const isRegistered = process.execArgv.some((argument) => argument.endsWith('register.js'));

const keeping = (options) => ({
  args: ['--require', file('keep.js')],
  env: { [VARIABLE]: 'off', ECOSYSTEM_NATIVE_CALLBACKS: JSON.stringify(options) },
});

const ways = {
  'without': { args: [], env: { [VARIABLE]: 'off' } },
  'arguments': isRegistered ? { args: [], env: { [VARIABLE]: '' } } : keeping({ resources: false }),
  'arguments and resources': keeping({}),
};

async function run({ args, env }) {
  const child = spawn(process.execPath, [...process.execArgv, ...args, file('program.js')], {
    env: { ...process.env, ...env, ASYNC_HOOKS_RS_DEBUG: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    output += text;
  });
  const [code, signal] = await once(child, 'close');
  return code === 0 ? output : `${output}ended with ${signal ?? `exit code ${code}`}\n`;
}

async function main() {
  for (const [name, way] of Object.entries(ways)) {
    console.log(`${name}:\n${await run(way)}`);
  }
}

main();
