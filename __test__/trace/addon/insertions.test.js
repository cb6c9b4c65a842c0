'use strict';

// What is inserted, and where.

const { describe, it } = require('node:test');
const assert = require('node:assert/strict');
const { addon, codeOf, newFile, PLAIN, run, transformed } = require('../helpers/transformed.js');

const untouched = (source, options) => assert.equal(transformed(source, options).code, source);

describe('the transform', () => {
  it('generators say when they go on, and statements end where they ended', () => {
    assert.equal(
      codeOf('() => { function* f() { const x = yield\n;(y)\nyield a\n[b] } }'),
      '() => {const __ahrC1=__ahrAT(void 0); function* f() {__ahrAT(__ahrC1); ' +
        'const x = __ahrResumed(yield,__ahrC1)\n;(y)\n__ahrResumed(yield a\n[b],__ahrC1); } }',
    );
    const { activations, resumed, exports } = run(
      transformed('module.exports = (() => function* one() { yield 1; yield 2; })();').code,
    );
    assert.deepEqual([...exports()], [1, 2]);
    assert.equal(activations.length, 2);
    assert.deepEqual(resumed, [
      { fn: 'one', parent: activations[0].fn },
      { fn: 'one', parent: activations[0].fn },
    ]);
  });

  it('puts a declaration where functions are inside, and a call where none are', () => {
    assert.equal(
      codeOf('function a() { return function () { b() } }'),
      'function a() {const __ahrC1=__ahrAT(void 0); ' +
        'return function () {__ahrAT(__ahrC1); b() } }',
    );
  });

  it('makes a block of an expression with functions, and a comma of one without', () => {
    assert.equal(
      codeOf('x => y => ({ y })'),
      'x => {const __ahrC1=__ahrAT(void 0);return(y => (__ahrAT(__ahrC1),({ y })))}',
    );
  });

  it('stays behind directives, which may end without a semicolon', () => {
    const body = 'return () => 1 }';
    const head = 'const __ahrC1=__ahrAT(void 0);';
    const rest = 'return () => (__ahrAT(__ahrC1),1) }';
    assert.equal(
      codeOf(`function f() { 'use strict'\n${body}`),
      `function f() { 'use strict';${head}\n${rest}`,
    );
    assert.equal(
      codeOf(`function f() { 'a'; "use strict"; ${body}`),
      `function f() { 'a'; "use strict";${head} ${rest}`,
    );
  });

  it('gives functions in default parameters to what is around', () => {
    assert.equal(
      codeOf('() => { function f(a = () => 1) { } }'),
      '() => {const __ahrC1=__ahrAT(void 0); ' +
        'function f(a = () => (__ahrAT(__ahrC1),1)) {__ahrAT(__ahrC1); } }',
    );
  });

  it('leaves functions alone that neither have others inside nor are in one', () => {
    untouched('function a() { b() } class C { m() { } static { } f = 1 } const d = () => 1');
    untouched('const x = { m() { return 1 }, get g() { return 2 } }; module.exports = x');
  });

  it('numbers functions anew only where the source is another one', () => {
    const file = newFile();
    const source = '() => () => 1';
    const { code } = transformed(source, { file });
    assert.equal(transformed(source, { file }).code, code);
    assert.notEqual(transformed(source).code, code);
    assert.notEqual(transformed(`${source};`, { file }).code, `${code};`);
  });

  it('leaves a file alone that has the comment', () => {
    for (const comment of ['// async-hooks-rs: no-trace', '/* async-hooks-rs: no-trace */']) {
      const source = `const a = 1; ${comment}\nconst b = () => () => 1`;
      assert.equal(addon.transform(source, newFile(), 'commonjs', PLAIN), null);
    }
    const quoted = `const a = 'async-hooks-rs: no-trace', b = () => () => 1`;
    assert.notEqual(transformed(quoted).code, quoted);
  });

  it('gives up what does not parse', () => {
    for (const source of ['function {', 'const a = ;', '`${', '/*', 'let a; let']) {
      assert.equal(addon.transform(source, newFile(), 'commonjs', PLAIN), null, source);
    }
  });

  it('refuses a format that there is none of', () => {
    assert.throws(() => addon.transform('', '/a.js', 'wasm', PLAIN), {
      code: 'InvalidArg',
      message: /^The format must be one of commonjs, module, .* received wasm$/,
    });
    assert.throws(() => addon.transform(1, '/a.js', 'commonjs', PLAIN));
  });
});

describe('formats', () => {
  it('has modules, and takes a CommonJS source that is one for one', () => {
    const source = 'export default () => () => import.meta; await 1;';
    for (const format of ['module', 'commonjs']) {
      assert.match(transformed(source, { format }).code, /^export default \(\) => \{const/);
    }
  });

  it('has types', () => {
    const source = `type F = (a: string) => void;
      class A<T> { private readonly x = <U,>(a: U): T | U => [a].map((b): U => b)[0]!; declare y: F;
        constructor(public readonly z: F = () => { [1].map((n: number) => n as number) }) {}
        abstract m(): void; static of<T>(this: void, x: T) { return (): T => x satisfies T } }
      function g(this: A<F>, x?: number): x is 1; function g(x: any) { return () => <any>x }
      namespace N { export const f = () => () => 1 } enum E { A = 1 } declare function h(): F;`;
    for (const format of ['commonjs-typescript', 'module-typescript']) {
      const { code } = transformed(source.replace('abstract ', ''), { format });
      assert.equal(code.split('__ahrAT(').length - 1, 11);
      assert.match(code, /static of<T>\(this: void, x: T\) \{const __ahrC\d+=__ahrAT/);
    }
  });

  it('has elements', () => {
    const source = `export const A = ({ items }) => <ul onClick={() => 1}>
      {items.map((x) => <li key={x} {...x}>a {'}'}</li>)}</ul>`;
    const { code } = transformed(source, { format: 'jsx' });
    assert.match(
      code,
      /=> \{const __ahrC1=.*return\(<ul onClick=\{\(\) => \(__ahrAT\(__ahrC1,\d+\),1\)\}>/,
    );
    assert.notEqual(transformed(`${source}; let a: number`, { format: 'tsx' }).code, source);
    assert.equal(addon.transform(source, newFile(), 'commonjs', PLAIN), null);
  });

  it('leaves decorators alone', () => {
    const source = '@A(() => () => 1) class B { @C((x) => () => x) m() {} }';
    untouched(source, { format: 'module-typescript' });
  });
});

describe('fields of classes', () => {
  it('get the activation as a parameter, and functions their names', () => {
    assert.equal(
      codeOf('class A { f = () => 1; g = h(() => 2) }'),
      'class A { f = ((__ahrC1)=>({["f"]:() => (__ahrAT(__ahrC1),1)})["f"])(__ahrAT(void 0)); ' +
        'g = ((__ahrC3)=>(h(() => (__ahrAT(__ahrC3),2))))(__ahrAT(void 0)) }',
    );
  });

  it('tell the activation that is around when the class is inside of a function', () => {
    const { code } = transformed('module.exports = () => class { f = () => 1 }');
    const { exports, activations } = run(code);
    const made = exports();
    new made().f();
    assert.deepEqual(
      activations.map(({ fn, parent }) => [fn, parent]),
      [
        ['module.exports', null],
        ['<instance_members_initializer>', 'module.exports'],
        ['f', '<instance_members_initializer>'],
      ],
    );
  });

  it('stay as they are where a function would lose its name', () => {
    untouched('class A { [x] = () => 1; static f = () => 1 }');
  });
});

describe('mends', () => {
  const source = `const a = function () { return () => 1 };
a.b(async (x) => x, { c: (y) => y, d() {} });
function e() { return () => 2 }
class F { g() {} h = (z) => z }
new function () { a() };`;
  const mended = (...mends) => transformed(source, { mends });

  it('wrap expressions', () => {
    const { code, unmended } = mended([1, 11], [2, 5], [2, 26], [4, 22]);
    assert.deepEqual(unmended, []);
    assert.match(code, /^const a = __ahrBind\(function \(\) \{.*\}\);/);
    assert.match(
      code,
      /a\.b\(__ahrBind\(async \(x\) => x\), \{ c: __ahrBind\(\(y\) => y\), d\(\) \{\} \}\)/,
    );
    assert.match(code, /\{\["h"\]:__ahrBind\(\(z\) => \(__ahrAT\(__ahrC\d+,\d+\),z\)\)\}/);
  });

  it('wrap all of a line if there is no column', () => {
    const { code, unmended } = mended([2, 0]);
    assert.deepEqual(unmended, []);
    assert.equal(code.split('__ahrBind(').length, 3);
  });

  it('are told where a function cannot be wrapped, or there is none', () => {
    const { code, unmended } = mended([3, 1], [3, 23], [4, 11], [5, 5], [9, 1], [2, 6]);
    assert.deepEqual(unmended, [0, 2, 3, 4, 5]);
    assert.equal(code.split('__ahrBind(').length, 2);
  });

  it('wrap what is handed over, where they say its column', () => {
    const handed = 'a.on(x, f); g(h.i, j.bind(k)); l(m, () => 5)';
    const mends = [
      [1, 9],
      [1, 15],
      [1, 20],
    ];
    const { code, unmended } = transformed(handed, { mends });
    assert.deepEqual(unmended, []);
    const bound = 'a.on(x, __ahrBind(f)); g(__ahrBind(h.i), __ahrBind(j.bind(k))); l(m, () => 5)';
    assert.equal(code.split('\n')[0], bound);
    const line = transformed(handed, { mends: [[1, 0]] });
    const ofLine = 'a.on(x, f); g(h.i, j.bind(k)); l(m, __ahrBind(() => 5))';
    assert.equal(line.code.split('\n')[0], ofLine);
  });

  it('bind when the program runs', () => {
    const program = 'module.exports = [[1].map((x) => x + 1), (() => 5)()]';
    const { code } = transformed(program, {
      mends: [
        [1, 27],
        [1, 43],
      ],
    });
    const { exports, bound } = run(code);
    assert.deepEqual(exports, [[2], 5]);
    assert.equal(bound.length, 2);
  });
});

describe('deep mode', () => {
  it('tells of object literals and of what new makes, inside of functions', () => {
    const source = `const top = { a: 1 };
      function f() { const o = { b: { c: 1 } }; return new Map([[new Date(0).getTime(), o]]); }
      module.exports = f();`;
    const { code } = transformed(source, { deep: true });
    const { owned, exports } = run(code);
    assert.deepEqual(
      owned.map((one) => Object.keys(one).join() || one.constructor.name),
      ['c', 'b', 'Date', 'Map'],
    );
    assert.equal(exports.get(0).b.c, 1);
  });

  it('leaves alone what is thrown, and what new is followed by', () => {
    const source = `function f(x) { if (x) throw new Error('a'); throw { b: 1 } }
      function g() { return new (class { m = new new function () { return Map }() })() }`;
    const { code } = transformed(source, { deep: true });
    assert.equal(code.match(/__ahrOwn\(/g).length, 2);
    assert.match(code, /__ahrOwn\(new new function/);
  });
});
