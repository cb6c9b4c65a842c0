'use strict';

// One run of one program, and what is wrong with it, if anything.

const { spawn } = require('node:child_process');
const path = require('node:path');
const { once } = require('node:events');
const { expectedOutput } = require('./clients.js');
const { testEnvironment } = require('../../scripts/test-environment.js');

const TIME_LIMIT = 60_000;
const MAX_REPORTED = 4000; // characters
const whichClasses = path.join(__dirname, 'helpers', 'which-classes.js');

async function environment({ client, major, classes }, services) {
  const env = testEnvironment({ ASYNC_HOOKS_RS_DEBUG: '1' });
  const run = `${client.name}_${major}_${classes}`.replace(/\W/g, '_');
  for (const name of client.services) {
    Object.assign(env, await services.get(name).environment(run));
  }
  return env;
}

async function execute({ client, node, classes, register }, env, signal) {
  const preloads = ['--require', whichClasses];
  if (classes === 'ours') preloads.push('--require', register);
  signal.throwIfAborted();
  const started = performance.now();
  const child = spawn(node, [...preloads, client.file], {
    cwd: __dirname,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr']) {
    child[name].setEncoding('utf8').on('data', (text) => {
      output[name] += text;
    });
  }
  let late = false;
  const limit = setTimeout(() => {
    late = true;
    child.kill('SIGKILL');
  }, TIME_LIMIT);
  const interrupt = () => child.kill('SIGKILL');
  signal.addEventListener('abort', interrupt);
  try {
    const [status, killedBy] = await once(child, 'close');
    return { ...output, status, killedBy, late, milliseconds: performance.now() - started };
  } finally {
    clearTimeout(limit);
    signal.removeEventListener('abort', interrupt);
  }
}

function shorten(text) {
  return text.length > MAX_REPORTED ? `${text.slice(0, MAX_REPORTED)}\n...` : text;
}

function difference(expected, printed) {
  const [before, after] = [expected, printed].map((text) => text.split('\n'));
  const lines = [
    ...before.filter((line) => !after.includes(line)).map((line) => `expected: ${line}`),
    ...after.filter((line) => !before.includes(line)).map((line) => `printed:  ${line}`),
  ];
  return shorten(lines.join('\n')) || 'the same lines in another order';
}

function problems({ client, major, classes }, { stdout, stderr, status, killedBy, late }) {
  const found = [];
  if (late) found.push(`ran longer than ${TIME_LIMIT / 1000} s`);
  else if (status !== 0) found.push(`ended with ${killedBy ?? `exit code ${status}`}`);
  const expected = expectedOutput(client.name, major, classes);
  if (expected === '') found.push(`clients/${client.name}.txt is missing`);
  if (stdout !== expected) found.push(difference(expected, stdout));
  const used = /^ecosystem: the classes are (.*)$/m.exec(stderr)?.[1];
  if (used !== classes) found.push(`ran with classes: ${used}`);
  const registered = /^async-hooks-rs: registered in thread 0, engine \S+/m.test(stderr);
  if (registered !== (classes === 'ours')) {
    found.push(`standard error says ${registered ? '' : 'not '}that register has registered`);
  }
  return found;
}

/** Runs the program in a process of its own and compares what it prints with what it has to. */
async function runClient(run, services, signal) {
  const result = await execute(run, await environment(run, services), signal);
  const found = problems(run, result);
  const { stdout, stderr, milliseconds } = result;
  const report = [
    ...found,
    '-- standard output',
    shorten(stdout),
    '-- standard error',
    shorten(stderr),
  ].join('\n');
  return { passed: found.length === 0, report, milliseconds };
}

module.exports = { runClient };
