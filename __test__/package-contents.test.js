'use strict';

// What is in the packages of a release: only what a user needs.

const { describe, it, before, after } = require('node:test');
const assert = require('node:assert/strict');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { stage, manifest } = require('../scripts/release/packages.js');
const { targets } = require('../scripts/release/targets.js');
const platforms = require('../lib/package/platforms.js');

const LINK = /\]\(([^)\s]+)\)/g;
const CODE = /```[^]*?```|`[^`\n]*`/g;

// Unpacked. The scripts and their maps have three quarters of it.
const CEILING = 3_800_000;

const ENTRIES = [
  'async-context',
  'bullmq',
  'contexts',
  'metrics',
  'opentelemetry',
  'register',
  'trace',
  'worker-pool',
];
const ALLOWED = [
  /^bin\/async-hooks-rs\.js$/,
  /^(?:CHANGELOG|README)\.md$/,
  /^LICENSE$/,
  /^(?:engine|native-callbacks|worker-pool-(?:errors|exports|observation|types))\.d\.ts$/,
  /^package\.json$/,
  new RegExp(`^(?:${ENTRIES.join('|')})\\.js$`),
  new RegExp(`^(?:index|${ENTRIES.join('|')})\\.d\\.ts$`),
  /^dist\/[a-z-]+\.js(?:\.map)?$/,
  /^docs\/(?:(?:api|guides)\/)?[a-z-]+\.md$/,
  /^docs\/charts\/(?:context|pool|service)\.svg$/,
  /^docs\/pictures\/trace-(?:dark|light)\.png$/,
  /^examples\/(?:README\.md|(?:support\/)?[a-z-]+\.[cm]?js)$/,
];

describe('what is in the packages', () => {
  let folder;
  let main;
  let files;
  before(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'async-hooks-rs-'));
    // A package is made of any file; whether a binary is an addon is tested where it runs.
    const anyFile = ({ addons }) => new Map(addons.map(({ binary }) => [binary, __filename]));
    stage(folder, new Map(targets.map((target) => [target, anyFile(target)])));
    main = path.join(folder, manifest.name);
    files = filesIn(main);
  });
  after(() => fs.rmSync(folder, { recursive: true, force: true }));

  const filesIn = (place) =>
    fs
      .readdirSync(place, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.relative(place, path.join(entry.parentPath ?? entry.path, entry.name)))
      .map((file) => file.replaceAll(path.sep, '/'))
      .sort();
  const read = (...place) => fs.readFileSync(path.join(folder, ...place), 'utf8');
  const manifestOf = (name) => JSON.parse(read(name, 'package.json'));

  it('only files of the known kinds', () => {
    assert.deepEqual(
      files.filter((file) => !ALLOWED.some((kind) => kind.test(file))),
      [],
    );
    const wanted = [
      ...ENTRIES.flatMap((entry) => [`${entry}.js`, `${entry}.d.ts`]),
      'LICENSE',
      'README.md',
      'bin/async-hooks-rs.js',
      'index.d.ts',
      'dist/index.js',
      'dist/platforms.js',
      'dist/worker.js',
    ];
    assert.deepEqual(
      wanted.filter((file) => !files.includes(file)),
      [],
    );
  });

  it('the main entry is the file that the build has made of it', () => {
    const { main: entry, exports } = manifestOf(manifest.name);
    assert.deepEqual([entry, exports['.'].default], ['./dist/index.js', './dist/index.js']);
  });

  it('they have less than the ceiling', () => {
    const size = files.reduce((sum, file) => sum + fs.statSync(path.join(main, file)).size, 0);
    assert.ok(size < CEILING, `${size} bytes`);
  });

  it('what a page links to is there, too', () => {
    for (const page of files.filter((file) => file.endsWith('.md'))) {
      for (const [, link] of read(manifest.name, page).replace(CODE, '').matchAll(LINK)) {
        const [target] = link.split('#');
        if (target === '' || /^https?:/.test(target)) continue;
        const file = path.posix.join(path.posix.dirname(page), target);
        assert.ok(fs.existsSync(path.join(main, file)), `${page}: ${link}`);
      }
    }
  });

  it('npm runs nothing, and installs nothing but the addon', () => {
    const { scripts, dependencies, devDependencies, optionalDependencies, bin, napi } = manifestOf(
      manifest.name,
    );
    assert.deepEqual([scripts, dependencies, devDependencies, napi], Array(4).fill(undefined));
    assert.deepEqual(bin, { 'async-hooks-rs': 'bin/async-hooks-rs.js' });
    assert.deepEqual(
      optionalDependencies,
      Object.fromEntries(
        Object.keys(platforms).map((name) => [`async-hooks-rs-${name}`, manifest.version]),
      ),
    );
  });

  it('says whose it is and where it is from', () => {
    for (const name of [manifest.name, ...targets.map(({ packageName }) => packageName)]) {
      const { repository, homepage, bugs, author, funding, license, version } = manifestOf(name);
      assert.match(repository.url, /^git\+https:\/\/.+\.git$/); // as npm's provenance asks
      assert.ok(homepage && bugs && author && funding, name);
      assert.deepEqual([license, version], ['MIT', manifest.version]);
    }
  });

  it('each platform has a package that npm installs there only', () => {
    assert.deepEqual(targets.map(({ platform }) => platform).sort(), Object.keys(platforms));
    for (const { packageName, platform, addons } of targets) {
      const binaries = addons.map(({ binary }) => binary);
      const { main: entry, os: systems, cpu, libc, scripts } = manifestOf(packageName);
      assert.deepEqual(
        filesIn(path.join(folder, packageName)).sort(),
        ['LICENSE', 'README.md', ...binaries, 'package.json'].sort(),
      );
      assert.deepEqual([entry, scripts], [binaries[0], undefined]);
      const [system, processor, abi] = platform.split('-');
      assert.deepEqual([systems, cpu], [[system], [processor]]);
      const library = { gnu: ['glibc'], musl: ['musl'] }[abi];
      assert.deepEqual(libc, library);
    }
  });
});
