'use strict';

// No source crashes the process, however deeply it is nested: it is transformed or left alone. In
// processes of their own, which a stack that overflows would end.

const { describe, it } = require('node:test');
const assert = require('node:assert/strict');
const { spawnSync } = require('node:child_process');

const addonModule = require.resolve('../../../lib/package/trace-addon.js');

/** [opening, middle, closing]; the opening is repeated, and so is the closing. */
const kinds = {
  'parentheses': ['(', '1', ')'],
  'arrays': ['[', '', ']'],
  'blocks': ['{', '', '}'],
  'objects': ['({a:', '1', '})'],
  'calls': ['f(', '', ')'],
  'arrow functions': ['a=>', 'a', ''],
  'arrow functions in parentheses': ['(a)=>(', 'a', ')'],
  'asynchronous arrow functions': ['async(a)=>{', '', '}'],
  'function expressions': ['(function(){', '', '})'],
  'declarations': ['function f(){', '', '}'],
  'classes': ['(class{f=', '1', '})'],
  'methods': ['({f(){', '', '}})'],
  'default parameters': ['(a=', '1', ')=>1'],
  'templates': ['`${', '1', '}`'],
  'unary operators': ['!', '1', ''],
  'signs': ['- ', '1', ''],
  'words': ['typeof ', '1', ''],
  'new': ['new ', 'A', ''],
  'binary operators': ['1+', '1', ''],
  'powers': ['2**', '1', ''],
  'conditions': ['a?', '1', ':2'],
  'conditions behind each other': ['a?1:', '2', ''],
  'assignments': ['a=', '1', ''],
  'members': ['a', '', '.b'],
  'optional chains': ['a', '', '?.[0]'],
  'calls of calls': ['', 'a', '()'],
  'if': ['if(a)', ';', ''],
  'else': ['if(a);else ', ';', ''],
  'loops': ['for(;;)', ';', ''],
  'do': ['do ', ';', ' while(0);'],
  'try': ['try{', '', '}finally{}'],
  'switch': ['switch(a){case 1:', '', '}'],
  'patterns': ['[', 'a', ']'],
  'sequences': ['(a,', 'b', ')'],
  'regular expressions between brackets': ['[/[/]/,', '1', ']'],
  'strings with brackets': ['[")]}",', '1', ']'],
  'comments with brackets': ['[/*)]}*/', '1', ']'],
};
const typed = {
  'types': ['A<', 'B', '>'],
  'conditional types': ['A extends B?C:', 'D', ''],
  'types of functions': ['()=>', 'void', ''],
  'types in brackets': ['[', 'A', ']'],
  'keyof': ['keyof ', 'A', ''],
  'array types': ['', 'A', '[]'],
};
const elements = { 'elements': ['<a>', '', '</a>'], 'attributes': ['<a b={', '1', '}/>'] };

/** Transforms sources with more and more levels; prints how many were transformed. */
function program([opening, middle, closing], prefix, format) {
  const { loadTraceAddon } = require(process.argv[1]);
  const addon = loadTraceAddon();
  let done = 0;
  for (const levels of [3, 100, 1000, 5000, 20_000, 100_000]) {
    const source = prefix + opening.repeat(levels) + middle + closing.repeat(levels);
    const options = { deep: true, sourceMap: true, mends: [[1, 0]] };
    const output = addon.transform(source, '/nested.js', format, options);
    if (output !== null) done++;
  }
  console.log(done);
}

function levelsOf(kind, prefix, format) {
  const script = `(${program})(...${JSON.stringify([kind, prefix, format])})`;
  const { stdout, stderr, status, signal } = spawnSync(
    process.execPath,
    ['-e', script, addonModule],
    { encoding: 'utf8' },
  );
  assert.deepEqual({ status, signal }, { status: 0, signal: null }, stderr);
  return Number(stdout);
}

describe('deep nesting', () => {
  for (const [name, kind] of Object.entries(kinds)) {
    it(`of ${name}`, () => assert.ok(levelsOf(kind, '', 'commonjs') >= 2));
  }
  for (const [name, kind] of Object.entries(typed)) {
    it(`of ${name}`, () => assert.ok(levelsOf(kind, 'type X=', 'module-typescript') >= 2));
  }
  for (const [name, kind] of Object.entries(elements)) {
    it(`of ${name}`, () => assert.ok(levelsOf(kind, 'x=', 'jsx') >= 2));
  }

  it('on the stack of a worker that is used up', () => {
    const script = `new (require('node:worker_threads').Worker)(\`(${inWorker})()\`, {
      eval: true, argv: process.argv.slice(1), resourceLimits: { stackSizeMb: 1 } });`;
    const { stdout, stderr, status } = spawnSync(process.execPath, ['-e', script, addonModule], {
      encoding: 'utf8',
    });
    assert.deepEqual({ status, stdout }, { status: 0, stdout: 'true\n' }, stderr);
  });
});

/** Transforms where the stack has no room for one more call. */
function inWorker() {
  const { loadTraceAddon } = require(process.argv[2]);
  const addon = loadTraceAddon();
  const source = '[(a)=>{'.repeat(3000) + '}]'.repeat(3000);
  const options = { deep: true, sourceMap: false, mends: [] };
  const transform = () => addon.transform(source, '/w.js', 'commonjs', options) !== null;
  function deep() {
    try {
      return deep();
    } catch {
      return transform();
    }
  }
  console.log(deep());
}
