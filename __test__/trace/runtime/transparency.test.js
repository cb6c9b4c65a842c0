'use strict';

// What a program sees of listeners and bound functions is what it would see without the finder.

const { describe, it } = require('node:test');
const assert = require('node:assert/strict');
const { START, certain, lineOf, run, traced } = require('../helpers/program.js');

/** Each prints what it sees; it must be the same with and without the finder. */
const PROGRAMS = {
  listeners: `
    const emitter = new EventEmitter();
    const fn = function named(a) { print(this === emitter, a, new.target); };
    for (const event of ['newListener', 'removeListener']) {
      emitter.on(event, (name, listener) => print(event, name, listener === fn));
    }
    for (const add of ['on', 'addListener', 'prependListener', 'once', 'prependOnceListener']) {
      print(add, emitter[add]('x', fn) === emitter);
      print(emitter.listeners('x')[0] === fn, emitter.listenerCount('x'));
      const [raw] = emitter.rawListeners('x');
      print(raw === fn, raw.listener === fn, raw.name);
      print(emitter.emit('x', 5), emitter.listenerCount('x'));
      emitter[add]('x', fn);
      emitter[add === 'on' ? 'off' : 'removeListener']('x', fn);
      print(emitter.listenerCount('x'));
      emitter.removeAllListeners('x');
    }
    emitter.once('x', fn);
    const [raw] = emitter.rawListeners('x');
    emitter.off('x', raw);
    print(emitter.listenerCount('x'));
    emitter.once('x', fn);
    emitter.rawListeners('x')[0](6);
    print(emitter.listenerCount('x'));
    for (const add of ['on', 'once']) {
      try { emitter[add]('x', 5); } catch (error) { print(error.code); }
    }
    const odd = (name, length) => Object.defineProperties(function () {}, {
      name: { value: name }, length: { value: length },
    });
    const others = [(...all) => all, { ['a \\'"\\\\ b'](a, b) {} }['a \\'"\\\\ b'], odd('', 1),
      odd('__proto__', 2), odd(5, 0), odd('many', 1e9), odd('half', 0.5), odd('none', -1)];
    for (const listener of [fn, ...others]) {
      for (const add of ['on', 'once']) {
        const kept = new EventEmitter()[add]('y', listener)._events.y;
        print(require('node:util').inspect(kept), kept.name, kept.length);
      }
    }
    const own = function () { 'use strict'; print(this === undefined, typeof this); };
    for (const receiver of [undefined, 5]) {
      new EventEmitter().on('y', own)._events.y.call(receiver);
    }
    Object.prototype.cachedData = 'of nobody';
    print(emitter.on('w', function oneOfItsKind() {}).emit('w'));
    delete Object.prototype.cachedData;
    EventEmitter.once(emitter, 'z').then((values) => print(values));
    emitter.emit('z', 1, 2);`,
  'bound functions': `
    class Point { constructor(x, y) { this.x = x; this.y = y; print(new.target.name); } }
    function Old(x) { this.x = x; print(new.target === Old, new.target === bound); }
    const bound = Old.bind(null, 1);
    const Bound = Point.bind(null, 1);
    print(new bound().x, new Bound(2).y, new Bound() instanceof Point, new Bound() instanceof Bound);
    print(bound.name, bound.length, 'prototype' in bound, typeof bound, String(bound));
    print(Object.getOwnPropertyNames(bound).sort(), Object.getPrototypeOf(bound) === Function.prototype);
    try { print(class extends Bound {}); } catch (error) { print(error.name); }
    print(Reflect.construct(Bound, [1], class {}) instanceof Point);
    const object = { value: 5, get() { return [this.value, ...arguments]; } };
    const get = object.get.bind(object, 1);
    print(get(2), get.call({ value: 6 }, 3), get.bind({ value: 7 }, 4)(5));
    try { new get(); } catch (error) { print(error.name); }
    try { Function.prototype.bind.call(5); } catch (error) { print(error.name); }
    print(Function.prototype.bind.name, Function.prototype.bind.length);
    print(require('node:util').inspect(get));`,
  storages: `
    const { prototype } = AsyncLocalStorage;
    for (const name of ['run', 'exit', 'enterWith', 'getStore', 'disable']) {
      const { value, ...rest } = Object.getOwnPropertyDescriptor(prototype, name);
      print(name, value.name, value.length, rest);
    }
    print(AsyncLocalStorage.name, AsyncLocalStorage.length, prototype.constructor === AsyncLocalStorage);
    print(new AsyncLocalStorage() instanceof AsyncLocalStorage);
    class Own extends AsyncLocalStorage { run(...args) { return [super.run(...args), this.constructor.name]; } }
    print(new Own().run(1, (a, b) => [a, b], 2, 3));
    for (const fn of [undefined, null, 5, {}]) {
      try { print(storage.run(1, fn)); } catch (error) { print(error.name, error.message); }
      print(storage.getStore());
    }
    try { storage.run(1, () => { throw new Error('own'); }); } catch (error) { print(error.message); }
    print(storage.getStore(), storage.exit((a) => [a, storage.getStore()], 5));
    storage.disable();
    print(storage.getStore());`,
};

const START_PRINTING = `${START}
const print = (...values) => console.log(require('node:util').inspect(values, { depth: 5 }));\n`;

describe('what a program sees', { concurrency: 2 }, () => {
  for (const [name, source] of Object.entries(PROGRAMS)) {
    it(`of ${name} is the same`, async () => {
      const text = `${START_PRINTING}storage.run({ id: 1 }, () => {${source}});`;
      const bare = await run(text, { args: [] });
      const under = await traced(text);
      assert.deepEqual([bare.code, bare.stderr], [0, '']);
      assert.deepEqual([under.code, under.stderr], [0, '']);
      assert.equal(under.stdout, bare.stdout);
      assert.ok(bare.stdout.split('\n').length > 8, bare.stdout);
    });
  }

  it('a listener that is no function of a context is found by its registration', async () => {
    const source = `${START}
      const emitter = new EventEmitter();
      function listener() { storage.getStore(); } // read
      storage.run({ id: 1 }, () => emitter.on('x', listener)); // registered
      storage.run({ id: 1 }, () => emitter.once('y', listener)); // once
      later(() => { emitter.emit('x'); emitter.emit('y'); });`;
    const under = await traced(source);
    const line = lineOf(source, '// read');
    assert.deepEqual(certain(under), [`lost emitter ${line}`, `lost emitter ${line}`]);
    assert.deepEqual(
      under.findings.map(({ made }) => made.line),
      [lineOf(source, '// registered'), lineOf(source, '// once')],
    );
  });

  it('a method that is bound in a context is found by where it is bound', async () => {
    const source = `${START}
      class Row { on() { storage.getStore(); } } // read
      storage.run({ id: 1 }, () => later(Row.prototype.on.bind(new Row()))); // bound`;
    const under = await traced(source);
    assert.deepEqual(certain(under), [`lost bind ${lineOf(source, '// read')}`]);
    assert.equal(under.findings[0].made.line, lineOf(source, '// bound'));
  });
});
