'use strict';

// The addon is found in a checkout and in the package of the platform; without it, an error says
// how to get it.

const { describe, it, beforeEach, afterEach } = require('node:test');
const assert = require('node:assert/strict');
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { currentTarget } = require('../../../lib/package/target.js');

const root = path.resolve(__dirname, '..', '..', '..');
const target = currentTarget();
const binary = `async-hooks-rs-trace.${target}.node`;
const { version } = require('../../../package.json');

describe('the addon of the finder', () => {
  let folder;
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'trace-addon-'));
    fs.mkdirSync(path.join(folder, 'async-hooks-rs'));
    const copied = path.join(folder, 'async-hooks-rs');
    fs.cpSync(path.join(root, 'lib'), path.join(copied, 'lib'), { recursive: true });
    fs.copyFileSync(path.join(root, 'package.json'), path.join(copied, 'package.json'));
  });
  afterEach(() => fs.rmSync(folder, { recursive: true }));

  /** What loading it in the copy of the package comes to. */
  function load() {
    const script = `
      const { loadTraceAddon } = require('./async-hooks-rs/lib/package/trace-addon.js');
      try { console.log(typeof loadTraceAddon().transform); }
      catch ({ code, message }) { console.log(code + ': ' + message); }`;
    const { stdout } = spawnSync(process.execPath, ['-e', script], {
      cwd: folder,
      encoding: 'utf8',
    });
    return stdout.trimEnd();
  }

  it('lies beside package.json in a checkout', () => {
    fs.copyFileSync(path.join(root, binary), path.join(folder, 'async-hooks-rs', binary));
    assert.equal(load(), 'function');
  });

  it('is built if the checkout has none', () => {
    fs.mkdirSync(path.join(folder, 'async-hooks-rs', 'crates', 'trace'), { recursive: true });
    assert.equal(
      load(),
      'ERR_ASYNC_HOOKS_RS_TRACE_UNAVAILABLE: The finder of lost context needs its addon ' +
        `${binary}, which "npm run build:trace" builds`,
    );
  });

  it('lies beside the main one in the package of the platform', () => {
    const name = `async-hooks-rs-${target}`;
    const main = `async-hooks-rs.${target}.node`;
    const place = path.join(folder, 'node_modules', name);
    fs.mkdirSync(path.join(folder, 'node_modules'));
    fs.renameSync(
      path.join(folder, 'async-hooks-rs'),
      path.join(folder, 'node_modules', 'async-hooks-rs'),
    );
    fs.symlinkSync(
      path.join('node_modules', 'async-hooks-rs'),
      path.join(folder, 'async-hooks-rs'),
    );
    fs.mkdirSync(place);
    fs.writeFileSync(path.join(place, 'package.json'), JSON.stringify({ name, version, main }));
    fs.copyFileSync(path.join(root, main), path.join(place, main));
    assert.equal(
      load(),
      'ERR_ASYNC_HOOKS_RS_TRACE_UNAVAILABLE: The finder of lost context needs its addon ' +
        `${binary}, which the package ${name} has: "npm install --include=optional" adds it`,
    );
    fs.copyFileSync(path.join(root, binary), path.join(place, binary));
    assert.equal(load(), 'function');
  });

  it('may be there and not load', () => {
    const file = path.join(folder, 'async-hooks-rs', binary);
    fs.writeFileSync(file, 'no binary');
    const [code, reason] = load().split(': The finder of lost context cannot load its addon ');
    assert.equal(code, 'ERR_ASYNC_HOOKS_RS_TRACE_UNAVAILABLE');
    assert.ok(reason.startsWith(`${fs.realpathSync(file)}: `), reason);
  });
});
