'use strict';

// The addon of crates/demo-addon, which index.js has built, and what its tests share.

const { spawn } = require('node:child_process');
const path = require('node:path');
const { AsyncLocalStorage } = require('node:async_hooks');

/** The storages that the crate has to carry: of Node's class, and of the package's. */
const classes = { "Node's": AsyncLocalStorage, 'our': require('../../index.js').AsyncLocalStorage };

const demo = require(path.resolve(__dirname, '../../crates/demo-addon/demo.node'));

/** A process of this runtime with a program in CommonJS; `stdout` is that of spawn(). */
function spawnProgram(program, stdout) {
  const deno = ['run', '--allow-all', '--quiet', '--ext=cjs', '-'];
  const child = spawn(process.execPath, process.versions.deno ? deno : ['-'], {
    stdio: ['pipe', stdout, 'inherit'],
    timeout: 30_000,
    killSignal: 'SIGKILL',
  });
  child.stdin.end(program);
  return child;
}

/** Runs `body` in a context and returns what it returned. */
function inside(context, body) {
  let result;
  context.run(() => {
    result = body();
  });
  return result;
}

/** A promise, and a function that resolves it with all that it was called with `count` times. */
function calls(count) {
  const received = [];
  let call;
  const promise = new Promise((resolve) => {
    call = (value) => {
      received.push(value);
      if (received.length === count) resolve(received);
    };
  });
  return { promise, call };
}

/** What the next `count` uncaught exceptions are, each as `describe` returns it. */
async function uncaught(count, describe, body) {
  const { promise, call } = calls(count);
  const listener = (error) => call(describe(error));
  process.on('uncaughtException', listener);
  try {
    body();
    return await promise;
  } finally {
    process.off('uncaughtException', listener);
  }
}

module.exports = { demo, classes, spawnProgram, inside, calls, uncaught };
