'use strict';

// A transformed program does what it did: each source exports values that are compared with those
// of its transform.

const { describe, it } = require('node:test');
const assert = require('node:assert/strict');
const { both, run, transformed } = require('../helpers/transformed.js');

/** Exports an array of values, or a promise of one. */
const sources = {
  'names and lengths of functions': `
    const a = (x, y = 1) => () => x;
    let b; b = function () { return () => 1; };
    function c(x, y) { return () => x + y; }
    const d = { m(x) { return () => x; }, f: (x, y, z) => () => z, get g() { return () => 1; } };
    const [e = () => () => 1] = [];
    const { f = function () { return () => 1; } } = {};
    let g; [g = () => () => 2] = [];
    class H { static s(x) { return () => x; } p = (x) => () => x; #q = () => () => 1;
      'a b' = () => () => 1; 3 = () => () => 1; __proto__ = () => () => 1;
      f = function () { return () => 1; }; c = class { m() { return () => 1; } };
        q() { return this.#q; } }
    const h = new H();
    const getter = Object.getOwnPropertyDescriptor(d, 'g').get;
    module.exports = [a, b, c, d.m, d.f, getter, e, f, g, H, H.s, h.p, h.q(), h['a b'], h[3],
      Object.getOwnPropertyDescriptor(h, '__proto__').value, h.f, h.c]
      .map((fn) => [fn.name, fn.length]);`,
  'hoisting': `
    function outer() { const before = typeof inner; const value = inner(); return [before, value];
      function inner() { return [1].map((x) => x + 1); } }
    module.exports = [outer(), typeof later]; function later() { return () => 1; }`,
  'this': `
    function f() { return (() => this)(); }
    const o = { m() { return (() => this === o)(); }, a: () => (() => this === module.exports)() };
    module.exports = [f.call(7) instanceof Number, o.m(), o.a()];`,
  'strictness': `
    function strict() { 'use strict'; return (function () { return this; })() === undefined; }
    function sloppy() { return (function () { return this; })() === globalThis; }
    function without() { 'use strict'
      return (() => { try { undeclared = 1; return 'sloppy'; } catch { return 'strict'; } })(); }
    const arrow = () => { "use strict"; return (function () { return this; })() === undefined; };
    module.exports = [strict(), sloppy(), without(), arrow()];`,
  'arguments': `
    function f(a) { arguments[0] = 2; const g = () => arguments.length + a; return g(1, 2, 3); }
    const g = (...rest) => (() => rest.length)();
    module.exports = [f(1, 5), g(1, 2), (function () { return (() => [...arguments])(); })(3, 4)];`,
  'what expressions of arrow functions are': `
    const object = (a) => ({ a, f: () => a });
    const comma = (a) => (a++, () => a);
    const nothing = () => void 0;
    const curried = (a) => (b) => (c) => a + b + c;
    const nested = () => [1, 2].map((x) => ({ x })).filter(({ x }) => x > 1);
    const conditional = (a) => a ? () => 1 : () => 2;
    const array = () => [() => 1];
    const template = (a) => \`\${[a].map((x) => x)}\`;
    const regexp = () => /[)}/]/.test(')') && [1].every((x) => x);
    const assigned = (a) => a = () => 3;
    const negated = (a) => !((b) => b)(a);
    const division = (a) => a / 2 / [2].map((x) => x)[0];
    module.exports = [object(1).f(), comma(1)(), nothing(), curried(1)(2)(3), nested(),
      conditional(0)(), array()[0](), template(1), regexp(), assigned()(), negated(0),
        division(8)];`,
  'an arrow function in the head of a loop': `
    const seen = [];
    for (let f = (x) => ((y) => y)(x in { a: 1 }), i = 0; i < 2; i++) seen.push(f('a'), f('b'));
    for (const f of [(x) => [x].map((y) => y)]) seen.push(f(1));
    for (var g = () => ((x) => x in { a: 1 }); seen.length < 6;) seen.push(g()('a'));
    module.exports = seen;`,
  'lines that end without a semicolon': `
    const a = (x) => x
    const b = (x) => [x].map((y) => y)
    let c = 1
    const d = () => c
    ++c
    const e = () => () => c
    ;[a, b].forEach((f) => f(1))
    module.exports = [a(1), b(2), c, d(), e()()]`,
  'default parameters': `
    const seen = [];
    function f(a = () => seen.push('a'), b = ((x) => x + 1)(1), { c = () => b } = {}) {
      a(); return [b, c(), (() => b)()]; }
    const g = (a = () => 1, b = a()) => [a(), b].map((x) => x);
    module.exports = [f(), g(), seen, f.length, g.length];`,
  'generators': `
    const log = [];
    function* one(n) { log.push('started'); const f = () => n; while (n-- > 0) yield f();
      return [n].map((x) => x); }
    async function* two() { for (const x of one(2)) yield [x].map((y) => y); }
    const it = one(1); log.push('made');
    module.exports = (async () => { const all = []; for await (const x of two()) all.push(x);
      return [log, [...it], all, it.next()]; })();`,
  'generators that are resumed': `
    const log = [];
    const make = () => {
      function* steps(a) {
        const x = yield
        ;[x].forEach((y) => log.push(y))
        let z = yield 1, w = [yield yield 2, (yield 3) + \`\${yield 4}\`]
        log.push(z, w)
        yield
        (() => log.push('on a line of its own'))()
        if (z) yield 5
        else yield 6
        do yield 7
        while (log.length < 3)
        for (var i = yield 8; i > 0; i--) yield i
        try { yield 'thrown' } catch (e) { log.push(e.message) } finally { yield 'finally' }
        yield a => a
        [z].map((y) => y)
        return yield* (yield, inner())
      }
      function* inner() { return yield 'inner' }
      return steps;
    };
    const it = make()(0); let got; let i = 0;
    do {
      got = log.length === 5 && i > 14 ? it.throw(new Error('thrown')) : it.next(++i);
      log.push(typeof got.value === 'function' ? 'function' : got);
    } while (!got.done && i < 40)
    module.exports = log;`,
  'async functions': `
    const wait = async (x) => await [x].map((y) => y)[0];
    const arrow = async () => (await wait(1)) + [1].map((x) => x)[0];
    async function f() { try { await Promise.reject(new Error('no'));
      } catch (e) { return (() => e.message)(); } }
    module.exports = Promise.all([wait(3), arrow(), f(),
      (async () => ({ a: () => 1 }))().then((o) => o.a())]);`,
  'getters, setters and computed keys': `
    const key = 'k'; let stored;
    const o = { get [key]() { return (() => stored)();
      }, set [key](v) { [v].forEach((x) => { stored = x; }); },
      get a() { return [1].map((x) => x);
        }, async *[Symbol.asyncIterator]() { yield* [1].map((x) => x); } };
    class C { static #n = 0; static get n() { return (() => ++C.#n)();
      } static { [1].forEach(() => { C.#n += 5; }); }
      [key + '1'] = () => (() => this)(); get ['x']() { return (() => 4)(); } }
    o.k = 3; const c = new C();
    module.exports = [o.k, o.a, C.n, c.k1() === c, c.x, c.k1.name];`,
  'fields of classes': `
    const order = []; const note = (x) => (order.push(x), x);
    class A { a = note('a'); handler = () => this.a; list = [1, 2].map((x) => x + this.a.length);
      object = { deep: () => this, own() { return () => this; } }; plain = 5;
      fn = function () { return (() => this)(); }; static s = () => (() => this)();
        async = async () => await (async () => this)(); }
    class B extends A { b = () => super.toString === Object.prototype.toString;
      handler = () => [this].map((x) => x.a); }
    const only = new A(); class Same { constructor() { return only; } }
    class C extends Same { again = () => (() => this)(); }
    const a = new A(), b = new B(); new C(); const c = new C();
    module.exports = [a.handler(), a.list, a.object.deep() === a, a.object.own()() === a.object,
      a.fn() === a,
      A.s() === A, b.b(), b.handler(), c.again() === only, order, Object.keys(a), typeof a.async];`,
  'constructors': `
    class A { constructor(x) { this.f = () => [x, new.target === A].map((y) => y); } }
    class B extends A { constructor() { const before = [1].map((x) => x); super(before[0]); } }
    function F() { return (() => new.target === F)() ? { f: () => 'new' } : { f: () => 'called' }; }
    module.exports = [new A(2).f(), new B().f(), new F().f(), F().f()];`,
  'labels, switches and loops': `
    function all() { const out = [];
    outer: for (let i = 0; i < 3; i++) { for (const x of [1, 2]) { if (x === 2) continue outer;
      out.push((() => i * x)()); } }
    switch ([1].map((x) => x)[0]) { case 1: { const f = () => out.push('one'); f(); break;
      } default: out.push('no'); }
    do { out.push((() => 9)()); } while (false);
    return out; }
    module.exports = all();`,
  'asynchronous stacks of calls': `
    const { EventEmitter } = require('node:events');
    const e = new EventEmitter(); const seen = [];
    e.on('x', function (v) { [v].forEach((y) => seen.push(y, this === e)); }); e.emit('x', 1);
    module.exports = [seen, e.listeners('x')[0].length];`,
  'eval that sees what is around': `
    function f(a) { const g = () => eval('a + 1'); return g(); }
    function h() { eval('var made = 3'); return (() => made)(); }
    module.exports = [f(1), h()];`,
  'a block that ends a class or a function': `
    const a = class { m() { return () => 1 } }
    const b = function () { return () => 2 }
    module.exports = [new a().m()(), b()()]`,
};

describe('a transformed program', () => {
  for (const [name, source] of Object.entries(sources)) {
    for (const deep of [false, true]) {
      it(`keeps ${name}${deep ? ', in deep mode' : ''}`, async () => {
        const { before, after } = both(source, { deep });
        const [expected, received] = await Promise.all([before, after.exports]);
        assert.ok(expected.length > 0);
        assert.deepEqual(received, expected);
        assert.ok(after.activations.length > 0);
      });
    }
  }

  it('leaves alone what is inside of with', () => {
    const proxy =
      "new Proxy({}, { has: (t, k) => k === 'x' || k.startsWith('__ahr'), get: () => 5 })";
    const { before, after } = both(`
      function f(o) { with (o) { return [1].map((y) => x + y); } }
      module.exports = [f(${proxy}), (() => [2].map((y) => y))()];`);
    assert.deepEqual(after.exports, before);
  });

  it('leaves asm.js alone', () => {
    const source = `
      function module_(stdlib) { 'use asm'; function f() { return 1 | 0; } return { f: f }; }
      module.exports = module_({}).f();`;
    assert.equal(transformed(source).code, source);
  });

  it('keeps a hashbang, a byte order mark and the last line', () => {
    for (const source of [
      '#!/usr/bin/env node\nmodule.exports = () => () => 1',
      'module.exports = () => () => 1 // end',
      'module.exports = () => () => 1\r\n',
    ]) {
      assert.equal(run(transformed(source).code).exports()(), 1);
    }
    const { code } = transformed('\uFEFFmodule.exports = () => () => 1');
    assert.equal(run(code.slice(1)).exports()(), 1);
    assert.equal(code.charCodeAt(0), 0xfeff);
  });
});
