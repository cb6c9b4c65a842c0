'use strict';

const { describe, it } = require('node:test');
const assert = require('node:assert/strict');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { pathToFileURL } = require('node:url');
const { mapSources } = require('../../../lib/trace/loading/map-sources.js');

const folder = path.resolve('/app/dist');
const file = path.join(folder, 'main.js');
const NAME = 'sourceMappingURL';
const named = (url) => `run();\n//# ${NAME}=${url}\n`;
const inline = (map) =>
  named(`data:application/json;base64,${Buffer.from(JSON.stringify(map)).toString('base64')}`);

describe('the sources of a source map', () => {
  it('are relative to the file with an inline map', () => {
    const sources = mapSources(inline({ sources: ['../src/a.ts', 'b.ts'] }), file);
    assert.deepEqual(sources, [path.resolve('/app/src/a.ts'), path.join(folder, 'b.ts')]);
  });

  it('are below sourceRoot, and may be URLs', () => {
    const root = path.resolve('/app/src');
    const below = (sourceRoot) => mapSources(inline({ sourceRoot, sources: ['a.ts'] }), file);
    assert.deepEqual(below(root), [path.join(root, 'a.ts')]);
    assert.deepEqual(below(`${pathToFileURL(root)}/`), [path.join(root, 'a.ts')]);
  });

  it('of a map that is not in base64', () => {
    const text = encodeURIComponent(JSON.stringify({ sources: ['a.ts'] }));
    const source = named(`data:application/json;charset=utf-8,${text}`);
    assert.deepEqual(mapSources(source, file), [path.join(folder, 'a.ts')]);
  });

  it('of a map in a file, relative to that', () => {
    const place = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'async-hooks-rs-')));
    try {
      fs.mkdirSync(path.join(place, 'maps'));
      fs.writeFileSync(path.join(place, 'maps', 'a.map'), '{"sources":["a.ts"]}');
      const sources = mapSources(named('maps/a.map'), path.join(place, 'a.js'));
      assert.deepEqual(sources, [path.join(place, 'maps', 'a.ts')]);
    } finally {
      fs.rmSync(place, { recursive: true });
    }
  });

  for (const [what, source] of [
    ['no map', 'run();'],
    ['a map that is not there', named('missing.map')],
    ['a map that is no JSON', named('data:application/json;base64,AAAA')],
    ['a map without sources', inline({})],
    ['a URL that is none', named('http://[')],
  ]) {
    it(`none of ${what}`, () => assert.deepEqual(mapSources(source, file), []));
  }
});
