'use strict';

// Imports point one way: a part of lib/ or src/ uses only what stands below it here. Parts that
// stand in one line do not use each other. In lib/, no files form a circle either.

const { describe, it } = require('node:test');
const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');

const root = path.resolve(__dirname, '..');

// Folders, and the files beside them.
const LIB = [
  ['command', 'queue-pool.js'],
  ['queue', 'trace'],
  ['register', 'worker', 'worker-pool.js', 'contexts.js', 'opentelemetry', 'metrics'],
  ['pool'],
  ['contexts'],
  ['keep-native-callbacks.js'],
  ['async-local-storage.js', 'async-context.js', 'native-callbacks'],
  ['async-resource.js'],
  ['context'],
  ['engine'],
  ['codec'],
  ['node', 'frames'],
  ['package'],
  ['wire', 'errors'],
];

const SRC = [
  ['binding'],
  ['native'],
  ['pool'],
  ['value', 'transport', 'v8_slot', 'context'],
  ['v8'],
  ['wire', 'error'],
  ['sync'],
];

const REQUIRE = /\brequire\('(\.[^']*)'\)/g;
const CRATE = /\bcrate::(\w+)/g;

function filesIn(folder, extension) {
  return fs
    .readdirSync(path.join(root, folder), { recursive: true })
    .filter((file) => file.endsWith(extension))
    .map((file) => file.replaceAll(path.sep, '/'));
}

const read = (...file) => fs.readFileSync(path.join(root, ...file), 'utf8');
const withoutComments = (text) => text.replace(/\/\*[^]*?\*\/|^\s*\/\/.*$/gm, '');
const partOf = (file) => file.split('/')[0].replace(/\.rs$/, '');

/** The imports that do not point down; `imports` are pairs of files. */
function wrong(layers, imports) {
  const level = new Map(layers.flatMap((parts, i) => parts.map((part) => [part, i])));
  return imports.filter(([from, to]) => {
    const [user, used] = [partOf(from), partOf(to)];
    for (const part of [user, used]) assert.ok(level.has(part), `${part} is in no layer`);
    return user !== used && level.get(user) >= level.get(used);
  });
}

/** A circle of files, or `undefined`. */
function circle(imports) {
  const done = new Set();
  function search(file, way) {
    if (way.includes(file)) return [...way.slice(way.indexOf(file)), file];
    if (done.has(file)) return undefined;
    for (const [from, to] of imports) {
      const found = from === file ? search(to, [...way, file]) : undefined;
      if (found !== undefined) return found;
    }
    done.add(file);
    return undefined;
  }
  return imports.map(([from]) => search(from, [])).find((found) => found !== undefined);
}

function importsOfScripts() {
  return filesIn('lib', '.js').flatMap((file) =>
    [...withoutComments(read('lib', file)).matchAll(REQUIRE)].map(([, target]) => [
      file,
      path.posix.join(path.posix.dirname(file), target),
    ]),
  );
}

// What only tests compile may use everything: files, and modules at the end of a file.
function importsOfModules() {
  const files = filesIn('src', '.rs').filter((file) => file !== 'lib.rs');
  const declared = /#\[cfg\((?:all\()?test\b[^\]]*\]\s*mod (\w+);/g;
  const tests = files.flatMap((file) =>
    [...read('src', file).matchAll(declared)].map(([, name]) =>
      path.posix.join(path.posix.dirname(file), name),
    ),
  );
  const isTest = (file) =>
    tests.some((test) => file === `${test}.rs` || file.startsWith(`${test}/`));
  return files
    .filter((file) => !isTest(file))
    .flatMap((file) => {
      const [text] = withoutComments(read('src', file)).split(/#\[cfg\(test\)\]\s*mod \w+ \{/);
      return [...text.matchAll(CRATE)].map(([, used]) => [file, used]);
    });
}

describe('layers', () => {
  const scripts = importsOfScripts();
  const modules = importsOfModules();

  it('the imports are found', () => {
    assert.ok(scripts.length > 100, `${scripts.length} in lib/`);
    assert.ok(modules.length > 50, `${modules.length} in src/`);
  });

  it('lib/ requires nothing outside of it', () => {
    assert.deepEqual(
      scripts.filter(([, to]) => !fs.existsSync(path.join(root, 'lib', to))),
      [],
    );
  });

  it('lib/ points down', () => assert.deepEqual(wrong(LIB, scripts), []));
  it('lib/ has no circle', () => assert.equal(circle(scripts), undefined));
  it('src/ points down', () => assert.deepEqual(wrong(SRC, modules), []));
});

// What neither the linter nor the formatter looks at.
describe('lines of lib/', () => {
  const files = filesIn('lib', '.js').map((file) => [file, read('lib', file)]);

  it('each file is strict', () => {
    assert.ok(files.length > 80, `${files.length} files`);
    assert.deepEqual(
      files.filter(([, text]) => !text.startsWith("'use strict';\n")),
      [],
    );
  });

  it('no line is longer than 100', () => {
    const long = files.flatMap(([file, text]) =>
      text
        .split('\n')
        .filter((line) => line.length > 100 && !/https?:/.test(line))
        .map((line) => `${file}: ${line}`),
    );
    assert.deepEqual(long, []);
  });
});
