'use strict';

// Where a source was made from another one, places are those of that one, and the map that the
// transform adds says so to Node.

const { describe, it, before, after } = require('node:test');
const assert = require('node:assert/strict');
const fs = require('node:fs');
const { SourceMap } = require('node:module');
const os = require('node:os');
const path = require('node:path');
const { pathToFileURL } = require('node:url');
const { addon, run, transformed } = require('../helpers/transformed.js');

// What a compiler might have made of WRITTEN: `const b = () => c` moved from line 3, column 3 to
// line 1, column 11.
const MADE = 'let a=1,b=()=>()=>c();';
const WRITTEN = 'const a: number = 1;\n\n  const b = (): any => () => c();\n';
// Generated column 0 is 1:1, column 10 is 3:13, column 14 is 3:24, column 18 is 3:30.
const MAPPINGS = 'AAAA,UAEY,IAAW,IAAM';
const map = (more) => ({ version: 3, names: [], mappings: MAPPINGS, ...more });
const PREFIX = 'data:application/json;charset=utf-8;base64,';
const inline = (json) => `${PREFIX}${Buffer.from(JSON.stringify(json)).toString('base64')}`;

let folder;
before(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'trace-maps-'));
});
after(() => fs.rmSync(folder, { recursive: true }));

const sitesIn = (code) =>
  [...code.matchAll(/__ahrAT\([^,]+,(\d+)\)/g)].map(([, id]) => addon.site(+id));

/** The map at the end of code. */
function mapOf(code) {
  const urls = [...code.matchAll(/\/\/# sourceMappingURL=(\S+)/g)];
  assert.equal(urls.length, 1);
  const [, url] = urls[0];
  assert.ok(url.startsWith(PREFIX));
  return new SourceMap(JSON.parse(Buffer.from(url.slice(PREFIX.length), 'base64')));
}

describe('places in a source that was made from another one', () => {
  const cases = {
    'inline': (file) => [inline(map({ sources: ['../src/b.ts'] })), file],
    'in a file beside': () => {
      fs.writeFileSync(
        path.join(folder, 'my made.js.map'),
        JSON.stringify(map({ sources: ['../src/b.ts'] })),
      );
      return ['my%20made.js.map'];
    },
    'with a root': () => [inline(map({ sourceRoot: '../src', sources: ['b.ts'] }))],
    'with a URL': () => [
      inline(map({ sources: [`${pathToFileURL(path.join(folder, '..', 'src', 'b.ts'))}`] })),
    ],
    'not encoded': () => [
      `data:,${encodeURIComponent(JSON.stringify(map({ sources: ['../src/b.ts'] })))}`,
    ],
  };
  for (const [name, urlOf] of Object.entries(cases)) {
    it(`are its own, by a map ${name}`, () => {
      const file = path.join(folder, 'made.js');
      const [url] = urlOf(file);
      const { code } = transformed(`${MADE}\n//# sourceMappingURL=${url}`, { file });
      const original = path.join(folder, '..', 'src', 'b.ts');
      assert.deepEqual(sitesIn(code), [
        { file: original, line: 3, column: 13, fn: 'b' },
        { file: original, line: 3, column: 24, fn: '<anonymous>' },
      ]);
      const column = code.indexOf('c()') + 1;
      const place = addon.place(file, 1, column, 'b');
      assert.deepEqual(addon.site(place), { file: original, line: 3, column: 30, fn: 'b' });
    });
  }

  it('are those of the source where there is no such map', () => {
    for (const url of [
      'missing.map',
      'https://example.com/x.map',
      'data:,{}',
      'data:;base64,e30=',
      inline(map({ mappings: '!!' })),
      inline(map({ version: 2, sources: [] })),
    ]) {
      const file = path.join(folder, 'plain.js');
      const { code } = transformed(`${MADE}\n//# sourceMappingURL=${url}`, { file });
      assert.deepEqual(sitesIn(code)[0], { file, line: 1, column: 11, fn: 'b' }, url);
    }
  });

  it('are mended by where they were written, or stand', () => {
    const source = `${MADE}\n//# sourceMappingURL=${inline(map({ sources: ['b.ts'] }))}`;
    const { code, unmended } = transformed(source, {
      mends: [
        [3, 13],
        [1, 15],
        [3, 1],
      ],
    });
    assert.deepEqual(unmended, [2]);
    assert.match(code, /b=__ahrBind\(\(\)=>\{.*return\(__ahrBind\(\(\)=>/);
  });
});

describe('the map that is added', () => {
  it('leads to the original', () => {
    const file = path.join(folder, 'composed.js');
    const json = map({ sources: ['b.ts'], sourcesContent: [WRITTEN] });
    const source = `${MADE}\n//# sourceMappingURL=${inline(json)}`;
    const { code } = transformed(source, { file, sourceMap: true });
    const composed = mapOf(code);
    const [line] = code.split('\n');
    const at = (column) => {
      const { originalSource, originalLine, originalColumn } = composed.findEntry(0, column);
      return [originalSource, originalLine, originalColumn];
    };
    const url = String(pathToFileURL(path.join(folder, 'b.ts')));
    assert.deepEqual(at(0), [url, 0, 0]);
    assert.deepEqual(at(line.indexOf('()=>{')), [url, 2, 12]);
    assert.deepEqual(at(line.indexOf('c()')), [url, 2, 29]);
    assert.deepEqual(composed.payload.sourcesContent, [WRITTEN]);
  });

  it('leads to the source where that is the original', () => {
    const file = path.join(folder, 'own.js');
    const source =
      "'😀';const a = (b) => () => b.c(b);\n\n" +
      'const d = () => [a].map((f) => f({ c() { e(); } }));\r\nmodule.exports = d';
    const { code } = transformed(source, { file, sourceMap: true });
    assert.equal(run(code).exports.name, 'd');
    const own = mapOf(code);
    assert.deepEqual(own.payload.sources, [String(pathToFileURL(file))]);
    const [written, inserted] = [source, code].map((text) => text.split(/\r?\n/));
    for (const text of ['a =', 'c(b)', 'd =', 'map', 'f({', 'e()', 'module']) {
      const line = written.findIndex((one) => one.includes(text));
      const entry = own.findEntry(line, inserted[line].indexOf(text));
      assert.deepEqual(
        [entry.originalLine, entry.originalColumn],
        [line, written[line].indexOf(text)],
        text,
      );
    }
  });

  it('is what Node shows in stacks', () => {
    const { spawnSync } = require('node:child_process');
    const file = path.join(folder, 'thrown.js');
    const source =
      'const f = (x) => () => { [x].map((y) => { throw new Error(y); }); };\nf("thrown")();\n';
    const { code } = transformed(source, { file, sourceMap: true });
    fs.writeFileSync(
      file,
      `for (const name of ['__ahrAT']) globalThis[name] = () => {};${code}`.replace(
        '\n//#',
        ' \n//#',
      ),
    );
    const plain = path.join(folder, 'plain.js');
    fs.writeFileSync(plain, source);
    const places = (name, ...args) => {
      const { stderr } = spawnSync(process.execPath, [...args, name], { encoding: 'utf8' });
      return stderr.match(/\.js:\d+:\d+/g).slice(1);
    };
    const lines = (all) => all.map((place) => place.split(':')[1]);
    assert.deepEqual(lines(places(file, '--enable-source-maps')), lines(places(plain)));
  });
});
