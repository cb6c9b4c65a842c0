'use strict';

// The part of node:test that the tests use, without node:test, which enables hooks and adds
// listeners; Bun has it under `bun test` only, and Deno's runs nothing under `deno run`. Prints
// failures, and the counts as the last line. As a program, it runs the given test file with this
// module in place of node:test, and with the declarations of runtimes.js.

const assert = require('node:assert/strict');
const path = require('node:path');
const { declared } = require('./runtimes.js');

// Far more than any case takes. A case that waits forever must not stop the others.
const TIME_LIMIT = 60_000;

const isProgram = require.main === module;

const cases = [];
const hooks = { before: [], after: [], beforeEach: [] };
let differences = [];

function test(title, ...rest) {
  const body = rest.at(-1);
  const { skip } = rest.length > 1 ? rest[0] : {};
  if (cases.length === 0) setImmediate(runAll);
  cases.push({ title, skip, body });
}
test.test = test;
for (const name of Object.keys(hooks)) test[name] = (hook) => hooks[name].push(hook);

async function runAll() {
  const counts = { passed: 0, failed: 0, differ: 0, skipped: 0 };
  for (const hook of hooks.before) await hook();
  for (const entry of cases) counts[await outcome(entry)]++;
  for (const hook of hooks.after) await hook();
  for (const { title } of differences.filter(({ found }) => !found)) {
    counts.failed++;
    console.log(`FAILED ${title}\ndeclared in runtimes.js, but there is no such test`);
  }
  if (counts.failed > 0) process.exitCode = 1;
  const told = Object.keys(counts).filter((name) => name === 'passed' || counts[name] > 0);
  console.log(told.map((name) => `${counts[name]} ${name}`).join(', '));
  if (isProgram) process.exit(); // a failed case may have left something open
}

async function outcome({ title, skip, body }) {
  const difference = differences.find((candidate) => matches(candidate.title, title));
  if (difference !== undefined) difference.found = true;
  if (skip || difference?.skip) return 'skipped';
  const context = new CaseContext(title);
  let error;
  try {
    for (const hook of hooks.beforeEach) await hook();
    await inCallback(() => body(context));
  } catch (caught) {
    error = caught ?? new Error('thrown without an error');
  } finally {
    await context.cleanUp();
  }
  if (context.skipped) return 'skipped';
  if (difference !== undefined) return judge(title, difference, error);
  if (error === undefined) return 'passed';
  console.log(`FAILED ${title}\n${error.message}\n${error.stack}`);
  return 'failed';
}

function matches(pattern, title) {
  return typeof pattern === 'string' ? pattern === title : pattern.test(title);
}

// A difference is declared with the value found in place of the expected one, so that its end is
// noticed.
function judge(title, { finds, fails }, error) {
  let why = 'it passes';
  if (error !== undefined) {
    try {
      if (fails !== undefined) {
        assert.match(error.message, fails);
      } else {
        assert.equal(error.code, 'ERR_ASSERTION');
        assert.deepEqual(error.actual, finds);
      }
      return 'differ';
    } catch (unlike) {
      why = `${unlike.message}\n${error.stack}`;
    }
  }
  console.log(`FAILED ${title}\ndeclared to differ, but ${why}`);
  return 'failed';
}

class Context {
  #cleanUps = [];

  constructor(name) {
    this.name = name;
  }

  after(hook) {
    this.#cleanUps.push(hook);
  }

  async cleanUp() {
    for (const hook of this.#cleanUps) await hook();
  }

  diagnostic() {}
}

// A part of a case can neither be skipped nor have parts: nothing counts it.
class CaseContext extends Context {
  skipped = false;

  skip() {
    this.skipped = true;
  }

  async test(title, body) {
    const part = new Context(title);
    try {
      await body(part);
    } finally {
      await part.cleanUp();
    }
  }
}

// Each in a callback of its own, so that scopes entered by a case end with it.
function inCallback(body) {
  let timer;
  return new Promise((resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`not done after ${TIME_LIMIT} ms`)), TIME_LIMIT);
    // An async function, so that a case that throws synchronously is a failure.
    setImmediate(() => (async () => body())().then(resolve, reject));
  }).finally(() => clearTimeout(timer));
}

function main(file) {
  const Module = require('node:module');
  const { require: load } = Module.prototype;
  Module.prototype.require = function (id) {
    return id === 'node:test' ? test : Reflect.apply(load, this, [id]);
  };
  differences = declared(path.relative(path.dirname(__dirname), file).replaceAll(path.sep, '/'));
  require(file);
  assert.ok(cases.length > 0, `${file} has no tests`);
}

module.exports = { test };

if (isProgram) main(path.resolve(process.argv[2]));
