'use strict';

// Numbers of functions and places, and where they are in the source as it was written.

const { describe, it } = require('node:test');
const assert = require('node:assert/strict');
const { addon, newFile, run, transformed } = require('../helpers/transformed.js');

const addonModule = require.resolve('../../../lib/package/trace-addon.js');

/** The frame of the caller's caller, as V8 has it in the code that runs. */
function frame() {
  const { prepareStackTrace } = Error;
  Error.prepareStackTrace = (_, sites) => sites;
  const [, , site] = new Error('for its stack').stack;
  Error.prepareStackTrace = prepareStackTrace;
  return site;
}

/** Each function of it calls the global `here()` with where that call is. */
const SOURCE = `const all = [];
function declared(a) { here(); return () => here(); }  const ü = '😀'; function after() { here();
  return () => here(); }
   const expression = function () { here(); return () => here(); };
   const named = function own() { here(); return () => here(); };
   const arrow = (a) => { here(); return () => here(); }, short = x => (here(), x => here());
   const asynchronous = async (a) => { here(); return () => here(); };
   const o = { method(a) { here(); return () => here(); }, get got() { here();
     return () => here(); }, async am() { here(); return () => here(); }, 'a b'() { here();
     return () => here(); }, [Symbol.iterator]() { here(); return () => here();
     }, value: function () { here(); return () => here(); } };
   class C { constructor() { here(); this.x = () => here(); } static sm() { here();
     return () => here(); }
     #p() { here(); return () => here(); } p() { return this.#p(); } field = () => { here();
       return () => here(); }; set s(v) { here(); v(() => here()); } }
   o.assigned = function () { here(); return () => here(); };
   const { d = () => { here(); return () => here(); } } = {};
const c = new C(); c.x(); c.s = (f) => f();
for (const f of [declared, after, expression, named, arrow, short, o.method, o['a b'],
  o[Symbol.iterator], o.value, C.sm, () => c.p(), c.field, o.assigned, d]) f.call(o)(); o.got();
module.exports = Promise.all([asynchronous(), o.am()]).then((fs) => fs.forEach((f) => f()));`;

/** What the calls of `here()` tell of where they are. */
async function framesOf(code, file) {
  const frames = [];
  globalThis.here = () => {
    const site = frame();
    frames.push({
      line: site.getLineNumber(),
      column: site.getColumnNumber(),
      enclosing: [site.getEnclosingLineNumber(), site.getEnclosingColumnNumber()],
      name: site.getFunctionName() ?? '<anonymous>',
    });
  };
  await run(code, file).exports;
  delete globalThis.here;
  return frames;
}

describe('places', () => {
  it('of calls in transformed code are those of the source', async () => {
    const { code, file } = transformed(SOURCE);
    const written = await framesOf(SOURCE, file);
    const frames = await framesOf(code, file);
    assert.equal(frames.length, written.length);
    assert.ok(frames.length > 35);
    const places = frames.map(({ line, column, name }) => addon.place(file, line, column, name));
    assert.deepEqual(
      places.map((id) => addon.site(id)),
      written.map(({ line, column, name }) => ({ file, line, column, fn: name })),
    );
    const again = frames.map(({ line, column, name }) => addon.place(file, line, column, name));
    assert.deepEqual(again, places);
  });

  it('of functions are what V8 says of the functions around calls, and so are names', async () => {
    const { code, file } = transformed(SOURCE);
    const written = await framesOf(SOURCE, file);
    const frames = await framesOf(code, file);
    const sites = frames.map(({ enclosing }) => addon.functionAt(file, ...enclosing));
    assert.deepEqual(
      sites.map((id) => addon.site(id)),
      written.map(({ enclosing: [line, column], name }) => ({ file, line, column, fn: name })),
    );
    assert.equal(addon.functionAt(file, 1, 3), 0);
    assert.equal(addon.functionAt('/of/no/such.js', 1, 1), 0);
  });

  it('of functions say which function is around them', () => {
    const source = `function outer() {
      const inner = () => { const innermost = () => 1; return innermost(); };
      return inner();
    }
    class Field { method = () => 2; }
    outer();
    new Field().method();`;
    const { code, file } = transformed(source);
    const { activations } = run(code, file);
    const around = activations.map(({ fn, id }) => [fn, addon.site(addon.enclosing(id))?.fn]);
    assert.deepEqual(around, [
      ['outer', undefined],
      ['inner', 'outer'],
      ['innermost', 'inner'],
      ['<instance_members_initializer>', undefined],
      ['method', '<instance_members_initializer>'],
    ]);
    assert.equal(addon.enclosing(0), 0);
  });

  it('have paths, where V8 has URLs', () => {
    const { code } = transformed('() => () => 1', { file: 'file:///a%20b/c.mjs?x=1' });
    const [, id] = /__ahrAT\(void 0,(\d+)\)/.exec(code);
    assert.equal(addon.site(Number(id)).file, '/a b/c.mjs');
    const column = code.lastIndexOf('() =>') + 1;
    const place = addon.place('file:///a%20b/c.mjs?x=1', 1, column, 'f');
    assert.deepEqual(addon.site(place), { file: '/a b/c.mjs', line: 1, column: 7, fn: 'f' });
    const unknown = addon.place('node:fs', 3, 4, 'g');
    assert.deepEqual(addon.site(unknown), { file: 'node:fs', line: 3, column: 4, fn: 'g' });
  });

  it('are unknown where nothing has the number', () => {
    assert.equal(addon.site(0), null);
    assert.equal(addon.site(0xffffffff), null);
  });

  it('are the same for all threads', async () => {
    const { Worker } = require('node:worker_threads');
    const file = newFile();
    const { code } = transformed('() => () => 2', { file });
    const place = addon.place(file, 1, 1, 'h');
    const worker = new Worker(
      `const { parentPort } = require('node:worker_threads');
      const { loadTraceAddon } = require(${JSON.stringify(addonModule)});
      const addon = loadTraceAddon();
      parentPort.postMessage([addon.transform('() => () => 2', ${JSON.stringify(file)}, 'commonjs',
        { deep: false, sourceMap: false, mends: [] }).code, addon.place(${JSON.stringify(file)},
          1, 1, 'h')]);`,
      { eval: true },
    );
    const message = await new Promise((resolve, reject) => {
      worker.once('message', resolve).once('error', reject);
    });
    assert.deepEqual(message, [code, place]);
  });
});
