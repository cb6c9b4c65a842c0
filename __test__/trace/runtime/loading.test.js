'use strict';

// Which modules are transformed, and how they are loaded.

const { describe, it } = require('node:test');
const assert = require('node:assert/strict');
const { START, TRACE, certain, lineOf, run, traced } = require('../helpers/program.js');

const [major, minor] = process.versions.node.split('.').map(Number);
const stripsTypes = { skip: major > 22 || (major === 22 && minor >= 18) ? false : 'no TypeScript' };

const LOSE = `storage.run({ id: 1 }, () => later(() => {
  storage.getStore(); // read
}));`;
const IMPORTS = START.replace(
  /const (\{[^}]*\}|\w+) = require\('([^']*)'\);/g,
  (_, names, from) => `import ${names} from '${from}';`,
);
const found = (source) => [`lost birth ${lineOf(source, '// read')}`];

describe('modules under the finder', { concurrency: 2 }, () => {
  for (const [name, source] of [
    ['program.js', `${START}${LOSE}`],
    ['program.cjs', `#!/usr/bin/env node\n'use strict';${START}${LOSE}`],
    ['program.mjs', `${IMPORTS}${LOSE}`],
  ]) {
    it(`${name}, by --require and by --import`, async () => {
      for (const flag of ['--require', '--import']) {
        const args = [flag, TRACE];
        assert.deepEqual(certain(await traced(source, { name, args })), found(source), flag);
      }
    });
  }

  it('an ES module that CommonJS imports, and CommonJS that it imports', async () => {
    const files = {
      'es.mjs': `import * as one from './one.cjs';\nexport const lost = one.default;`,
      'one.cjs': `${START}module.exports = () => {\n${LOSE}\n};`,
    };
    const run = await traced("import('./es.mjs').then(({ lost }) => lost());", { files });
    assert.equal(run.stderr, '');
    assert.deepEqual(certain(run), found(files['one.cjs']));
  });

  for (const name of ['program.mts', 'program.cts', 'program.ts']) {
    it(`${name}, of which Node strips the types`, stripsTypes, async () => {
      const start = name === 'program.mts' ? IMPORTS : START;
      const source = `${start}const typed = (value: number): number => value;\ntyped(1);\n${LOSE}`;
      assert.deepEqual(certain(await traced(source, { name })), found(source));
    });
  }

  for (const [how, load] of [
    ['vm.runInThisContext(), as in vitest', 'vm.runInThisContext(wrapped, options)(require)'],
    [
      'vm.runInContext(), as in vitest',
      'vm.runInContext(wrapped, vm.createContext({ setImmediate }), options)(require)',
    ],
    [
      'vm.compileFunction() in another context, as in Jest',
      `vm.compileFunction(source, ['require'], {
        filename,
        parsingContext: vm.createContext({ setImmediate }),
      })(require)`,
    ],
    [
      'vm.Script in other contexts',
      `{
        const script = new vm.Script(wrapped, options);
        if (!(script instanceof vm.Script)) throw new Error('of no class');
        script.runInNewContext({ setImmediate })(require);
        script.runInContext(vm.createContext({ setImmediate }))(require);
      }`,
    ],
  ]) {
    it(`a module that a tool compiles: ${how}`, async () => {
      const module = `${START}${LOSE}`;
      const program = `
        const vm = require('node:vm');
        const filename = require('node:path').join(__dirname, 'module.js');
        const source = require('node:fs').readFileSync(filename, 'utf8');
        const start = "'use strict';(require)=>{{";
        const wrapped = start + source + String.fromCharCode(10) + '}}';
        const options = { filename, lineOffset: 0, columnOffset: -start.length };
        ${load};
        if (vm.runInThisContext('1') + vm.runInNewContext('1') !== 2) throw new Error('not run');
      `;
      const run = await traced(program, { files: { 'module.js': module } });
      assert.equal(run.stderr, '');
      assert.deepEqual(new Set(certain(run)), new Set(found(module)));
    });
  }

  for (const [where, context] of [
    ['of the program', 'undefined'],
    ['of its own, as in Jest', 'vm.createContext({ setImmediate })'],
  ]) {
    it(`an ES module that a tool compiles, in a context ${where}`, async () => {
      const module = `${IMPORTS}${LOSE}`;
      const program = `
        const vm = require('node:vm');
        const identifier = require('node:path').join(__dirname, 'module.mjs');
        const source = require('node:fs').readFileSync(identifier, 'utf8');
        const context = ${context};
        const builtIn = (name) => {
          const exports = require(name);
          const names = ['default', ...Object.keys(exports).filter((key) => key !== 'default')];
          return new vm.SyntheticModule(
            names,
            function () {
              for (const key of names) this.setExport(key, key === 'default' ? exports : exports[key]);
            },
            { context },
          );
        };
        const made = new vm.SourceTextModule(source, { identifier, context });
        if (!(made instanceof vm.SourceTextModule)) throw new Error('of no class');
        made.link(builtIn).then(() => made.evaluate());
      `;
      const args = ['--experimental-vm-modules', '--no-warnings', '--require', TRACE];
      const run = await traced(program, { files: { 'module.mjs': module }, args });
      assert.equal(run.stderr, '');
      assert.deepEqual(certain(run), found(module));
    });
  }

  it('--include and --ignore', async () => {
    const files = { 'own/a.js': `${START}${LOSE}`, 'own/deep/b.js': `${START}${LOSE}` };
    const source = `require('./own/a.js'); require('./own/deep/b.js');`;
    const readIn = async (options) => {
      const { findings } = await traced(source, { files, options: { quiet: true, ...options } });
      return findings.map(({ read }) => read.file.split('/').at(-1)).sort();
    };
    assert.deepEqual(await readIn({}), ['a.js', 'b.js']);
    assert.deepEqual(await readIn({ ignore: ['own/deep/**'] }), ['a.js']);
    assert.deepEqual(await readIn({ ignore: ['a.js'] }), ['b.js']);
    assert.deepEqual(await readIn({ include: ['own/*.js'] }), ['a.js']);
    assert.deepEqual(await readIn({ include: ['own'], ignore: ['{a,b}.js'] }), []);
  });

  it('a file with the comment is left as it is, and one that does not parse is told', async () => {
    const files = {
      'text.js': '// async-hooks-rs: no-trace\nmodule.exports = () => () => 1;\n',
      'wrong.js': 'const = 5;',
    };
    const { stdout, reports } = await traced(
      `console.log(require('./text.js').toString());
      try { require('./wrong.js'); } catch (error) { console.log(error.name); }`,
      { files },
    );
    assert.equal(stdout, '() => () => 1\nSyntaxError\n');
    const [{ transformed }] = reports[0].processes;
    assert.deepEqual(
      transformed.unparsed.map((file) => file.split('/').at(-1)),
      ['wrong.js'],
    );
  });

  it('Workers, with whatever arguments and environment', async () => {
    const options = ['{}', '{ execArgv: [] }', '{ env: {} }', '{ execArgv: [], env: {} }'];
    for (const [flag, how] of [
      ['--require', options],
      ['--import', options],
    ]) {
      const source = `const { Worker } = require('node:worker_threads');
        for (const options of [${how}]) new Worker('./worker.js', options);`;
      const files = { 'worker.js': `${START}${LOSE}` };
      const { stderr, reports, findings } = await traced(source, { files, args: [flag, TRACE] });
      assert.equal(stderr, '');
      assert.equal(reports[0].processes[0].threads, 1 + options.length);
      assert.equal(
        findings.reduce((sum, { count }) => sum + count, 0),
        options.length,
      );
    }
  });

  it('arguments that are not the program’s are not handed on by a Worker', async () => {
    const { stdout } = await run(
      `require(${JSON.stringify(TRACE)}).trace.start({ quiet: true });
      const { Worker } = require('node:worker_threads');
      new Worker('console.log(process.execArgv.length)', { eval: true });`,
      { args: [] },
    );
    assert.equal(stdout, '0\n');
  });
});
