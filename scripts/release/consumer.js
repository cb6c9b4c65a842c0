'use strict';

// Uses the package in a project in which it is installed: the documentation's example, with the
// addon and without; a program that does not know of the package, with it preloaded; and the finder
// of lost context.

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const program = `
const { AsyncLocalStorage, AsyncResource, engine } = require('async-hooks-rs');
const { Variable } = require('async-hooks-rs/async-context');
const WorkerPool = require('async-hooks-rs/worker-pool');
const variable = new Variable();
const storage = new AsyncLocalStorage();
const bound = storage.run(123, () => AsyncResource.bind(() => storage.getStore()));
async function pooled(...args) {
  try {
    const pool = new WorkerPool(1, ...args);
    const result = await pool.run({ a: 42, b: 100 });
    await pool.close();
    return result;
  } catch ({ code }) {
    return code;
  }
}
storage.run('id', () => variable.run('value', async () => {
  const sums = [await pooled(), await pooled('./task_processor.js')];
  await new Promise((resolve) => setTimeout(resolve, 1));
  const { name, native } = engine();
  console.log(JSON.stringify([storage.getStore(), bound(), name, native.loaded, variable.get(),
    ...sums]));
}));`;

// Node's classes keep the store of the inner enterWith(). The Worker must be like the main thread.
const unaware = `
const { AsyncLocalStorage } = require('node:async_hooks');
const { Worker, isMainThread, parentPort } = require('node:worker_threads');
const storage = new AsyncLocalStorage();
const restores = storage.run('outer', () => {
  storage.run('outer', () => storage.enterWith('inner'));
  return storage.getStore() === 'outer';
});
if (isMainThread) {
  new Worker(__filename, { execArgv: [] }).on('message', (inWorker) => {
    console.log(JSON.stringify([restores, inWorker]));
  });
} else {
  parentPort.postMessage(restores);
}`;

// The documentation's file, unchanged.
const processor = `
const { parentPort } = require('node:worker_threads');
parentPort.on('message', (task) => {
  parentPort.postMessage(task.a + task.b);
});`;

// A callback that waits for an interval which was made at the start.
const lossy = `
const { AsyncLocalStorage } = require('node:async_hooks');
const storage = new AsyncLocalStorage();
const waiting = [];
const interval = setInterval(() => waiting.splice(0).forEach((run) => run()), 1);
storage.run('id', () => waiting.push(() => {
  clearInterval(interval);
  storage.getStore();
}));`;

function check(condition, message) {
  if (!condition) throw new Error(`the installed package: ${message}`);
}

/** Runs Node in the project, and returns what it prints. `node` is a command with arguments. */
function run(folder, [node, ...before], args) {
  return execFileSync(node, [...before, ...args], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '' },
  });
}

/** What the example prints. */
function example(folder, node, flags) {
  const answer = run(folder, node, [...flags, '-e', program]);
  const [store, bound, engine, loaded, value, ...sums] = JSON.parse(answer);
  check(store === 'id' && bound === 123 && value === 'value', `wrong context: ${answer}`);
  return { engine, loaded, sums };
}

/**
 * Throws unless everything works in the project, with this command for Node: pools, too, if the
 * addon is there. Returns the name of the engine.
 */
function checkProject(folder, node, { addon = true } = {}) {
  fs.writeFileSync(path.join(folder, 'task_processor.js'), processor);
  fs.writeFileSync(path.join(folder, 'unaware.js'), unaware);
  let chosen;
  for (const flags of [[], ['--no-addons']]) {
    const { engine, loaded, sums } = example(folder, node, flags);
    const expected = addon && flags.length === 0;
    check(loaded === expected, `addon loaded: ${loaded} with ${[...node, ...flags].join(' ')}`);
    const sum = expected ? 142 : 'ERR_WORKER_POOL_UNAVAILABLE';
    check(
      sums.every((each) => each === sum),
      `pool: ${sums} with ${flags.join(' ')}`,
    );
    chosen ??= engine;
  }
  for (const flag of ['--import', '--require']) {
    const answer = run(folder, node, [flag, 'async-hooks-rs/register', 'unaware.js']);
    check(answer === '[true,true]\n', `${flag} register: ${answer}`);
  }
  return chosen;
}

/** Throws unless the command finds where a program loses its context, with its line. */
function checkTrace(folder, node) {
  fs.writeFileSync(path.join(folder, 'lossy.js'), lossy);
  const command = path.join('node_modules', 'async-hooks-rs', 'bin', 'async-hooks-rs.js');
  const traced = [...node, 'lossy.js'];
  const report = run(folder, node, [command, 'trace', '--json', '-', '--', ...traced]);
  const found = JSON.parse(report).findings.map(({ kind, made: { line } }) => `${kind}:${line}`);
  check(`${found}` === 'lost:6', `trace found ${found}`);
}

/** Runs each example that is shipped, whose comment says what it prints. Returns how many. */
function checkExamples(folder, node) {
  const examples = path.join(folder, 'examples');
  fs.cpSync(path.join(folder, 'node_modules', 'async-hooks-rs', 'examples'), examples, {
    recursive: true,
  });
  const { exampleFiles, documentedOutput, inDocumentedOrder } = require(
    path.join(examples, 'support', 'documented.js'),
  );
  const files = exampleFiles();
  for (const file of files) {
    const printed = inDocumentedOrder(file, run(folder, node, [path.join('examples', file)]));
    check(printed === documentedOutput(file), `${file} printed\n${printed}`);
  }
  fs.rmSync(examples, { recursive: true });
  return files.length;
}

module.exports = { check, checkExamples, checkProject, checkTrace, run };
