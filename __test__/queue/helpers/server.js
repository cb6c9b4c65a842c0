'use strict';

// A process of `async-hooks-rs work`, and what it says.

const { spawn } = require('node:child_process');
const { once } = require('node:events');
const path = require('node:path');
const { Lines } = require('../../helpers/lines.js');

const root = path.resolve(__dirname, '..', '..', '..');
const command = path.join(root, 'bin', 'async-hooks-rs.js');
const folder = path.resolve(__dirname, '..');

const fixture = (name) => path.join(folder, 'fixtures', name);

/** Starts the command with these arguments. */
function startCommand(args, cwd = folder, env = {}) {
  const child = spawn(process.execPath, [command, ...args], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const stdout = new Lines(child.stdout);
  const stderr = new Lines(child.stderr);
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal }));
  return { child, stdout, stderr, ended };
}

/** Runs the command to its end. */
async function runCommand(args, cwd, env) {
  const { stdout, stderr, ended } = startCommand(args, cwd, env);
  const outcome = await ended;
  return { ...outcome, stdout: stdout.all.join('\n'), stderr: stderr.all.join('\n') };
}

/**
 * Starts a server and waits until it serves. It is killed after the test, unless it has ended.
 *
 * @param {{ after: (fn: () => void) => void }} test
 */
async function serve(test, { queue, redis, processor = 'processor.mjs', options = [] }) {
  const args = ['work', queue, fixture(processor), '--redis', redis.url, '--json', ...options];
  const { child, stdout, stderr, ended } = startCommand(args);
  test.after(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  const event = async (name) =>
    JSON.parse(await stderr.find((line) => line.includes(`"event":"${name}"`)));
  await Promise.race([
    event('ready'),
    ended.then(({ code }) => {
      throw new Error(`the server ended with ${code}: ${stderr.all.join('\n')}`);
    }),
  ]);
  return { child, stdout, stderr, ended, event };
}

module.exports = { fixture, root, runCommand, serve, startCommand };
