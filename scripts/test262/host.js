'use strict';

// Runs one test of test262 in one mode: a process for it alone, in which it has a realm that is a
// vm context with our AsyncContext as a global. Prints `passed`, or the failure.

const fs = require('node:fs');
const path = require('node:path');
const vm = require('node:vm');
const evaluatePackage = require('../../__test__/fixtures/other-realm.js');

const { folder, file, mode, flags, includes, negative } = JSON.parse(process.argv[2]);

// An asynchronous test that waits for nothing but the engine keeps the process alive.
const ASYNC_LIMIT = 10_000;

const ASYNC_DONE = 'Test262:AsyncTestComplete';

/** A new realm, as the object that tests know as `$262`. */
function createRealm(print) {
  const context = vm.createContext();
  const hidden = (name, value) =>
    Object.defineProperty(context, name, {
      value,
      writable: true,
      enumerable: false,
      configurable: true,
    });
  const host = {
    global: vm.runInContext('globalThis', context),
    createRealm: () => createRealm(print),
    evalScript: (source) => vm.runInContext(source, context),
    detachArrayBuffer: (buffer) => structuredClone(buffer, { transfer: [buffer] }),
    gc: globalThis.gc,
  };
  hidden('$262', host);
  hidden('print', print);
  hidden('AsyncContext', evaluatePackage('async-context.js', context).AsyncContext);
  Object.defineProperty(host, 'context', { value: context });
  return host;
}

function harness(context) {
  if (mode === 'raw') return;
  const names = ['assert.js', 'sta.js', ...includes];
  if (flags.includes('async')) names.push('doneprintHandle.js');
  for (const name of names) {
    const filename = path.join(folder, 'harness', name);
    vm.runInContext(fs.readFileSync(filename, 'utf8'), context, { filename });
  }
}

async function evaluateModule(context, enter) {
  const modules = new Map();
  const load = (identifier) => {
    if (!modules.has(identifier)) {
      modules.set(
        identifier,
        new vm.SourceTextModule(fs.readFileSync(identifier, 'utf8'), { context, identifier }),
      );
    }
    return modules.get(identifier);
  };
  const test = load(file);
  enter('resolution');
  await test.link((specifier, { identifier }) =>
    load(path.resolve(path.dirname(identifier), specifier)),
  );
  enter('runtime');
  await test.evaluate();
}

/** Runs the test, and announces each phase before it begins. */
async function evaluate(context, enter) {
  enter('parse');
  if (mode === 'module') return evaluateModule(context, enter);
  const source = fs.readFileSync(file, 'utf8');
  const script = new vm.Script(mode === 'strict' ? `'use strict';\n${source}` : source, {
    filename: file,
  });
  enter('runtime');
  script.runInContext(context);
}

async function run() {
  let settle;
  const printed = new Promise((resolve) => {
    settle = resolve;
  });
  const { context } = createRealm((text) => settle(`${text}`));
  harness(context);
  let phase;
  try {
    await evaluate(context, (next) => {
      phase = next;
    });
  } catch (error) {
    const type = error?.constructor?.name;
    if (negative?.phase === phase && negative.type === type) return 'passed';
    const said = error?.message === undefined ? String(error) : `${type}: ${error.message}`;
    return `${phase}: ${said}`;
  }
  if (negative !== undefined) return `no ${negative.type} in phase ${negative.phase}`;
  if (!flags.includes('async')) return 'passed';
  const limit = setTimeout(settle, ASYNC_LIMIT, 'Error: $DONE() was never called');
  const text = await printed;
  clearTimeout(limit);
  return text === ASYNC_DONE ? 'passed' : text;
}

run().then((result) => console.log(result));
