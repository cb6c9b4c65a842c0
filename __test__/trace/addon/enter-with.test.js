'use strict';

// What a function makes after it has called enterWith() is made in the context that it entered.

const { describe, it } = require('node:test');
const assert = require('node:assert/strict');
const { loadTraceAddon } = require('../../../lib/package/trace-addon.js');

const addon = loadTraceAddon();
const OPTIONS = { deep: false, sourceMap: false, mends: [] };

/** The code, with the numbers of sites and activations left out. */
function transformed(source) {
  const { code } = addon.transform(source, '/enter-with.js', 'commonjs', OPTIONS);
  return code.replaceAll(/,\d+\)/g, ',_)');
}

describe('calls of enterWith()', () => {
  it('what is made before one has another parent than what is made after it', () => {
    assert.equal(
      transformed('function f(){g(()=>{});als.enterWith(1);g(()=>{});}'),
      'function f(){const __ahrC1=__ahrAT(void 0,_);let __ahrC3=__ahrC1;' +
        'g(()=>{__ahrAT(__ahrC1,_);});als.enterWith(1),__ahrC3=__ahrAT(void 0,_);' +
        'g(()=>{__ahrAT(__ahrC3,_);});}',
    );
  });

  it('several have one parent, also in blocks', () => {
    const code = transformed('function f(){if(x){a.enterWith(1)}else b.enterWith(2)\ng(()=>{});}');
    assert.equal(code.match(/let __ahrC2=__ahrC1;/g).length, 1);
    assert.equal(code.match(/,__ahrC2=__ahrAT\(void 0,_\)/g).length, 2);
    assert.ok(code.includes('g(()=>{__ahrAT(__ahrC2,_);})'), code);
  });

  it('functions that call it, or one another that does, are calls of it', () => {
    const code = transformed(
      `const enter = (id) => als.enterWith(id); class A { begin() { enter(1) } }
      async function f(){a.begin();g(()=>{});const b = await a.begin()
      g(()=>{});other();}`,
    );
    assert.ok(code.includes('a.begin(),__ahrC6=__ahrAT(void 0,_);g(()=>{__ahrAT(__ahrC6'), code);
    assert.ok(code.includes('const b = await a.begin();__ahrC6=__ahrAT(void 0,_);\n'), code);
    assert.ok(code.includes('other();}'), code);
  });

  it('functions inside have their own', () => {
    const code = transformed(
      'function f(){als.enterWith(1);return()=>{als.enterWith(2);g(()=>{})}}',
    );
    assert.ok(code.includes('als.enterWith(1),__ahrC2=__ahrAT(void 0,_)'), code);
    assert.ok(code.includes('__ahrC3=__ahrAT(__ahrC2,_);let __ahrC4=__ahrC3;'), code);
    assert.ok(code.includes('als.enterWith(2),__ahrC4=__ahrAT(void 0,_)'), code);
  });

  for (const [what, source] of [
    ['outside of functions', 'als.enterWith(1);g(()=>{});'],
    ['in a function that makes none', 'function f(){als.enterWith(1);}'],
  ]) {
    it(`${what} stay as they are`, () => assert.equal(transformed(source), source));
  }
});
