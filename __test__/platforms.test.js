'use strict';

// Where an installed package finds the addon: in the package for the platform that the process
// runs on. The platforms are forged, the packages real folders, each with this machine's binary.

const { describe, it, before, after } = require('node:test');
const assert = require('node:assert/strict');
const { execFile } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { promisify } = require('node:util');
const { copyPackage } = require('./helpers/package-copy.js');
const { unavailable } = require('./helpers/pool-session.js');
const { addonFile } = require('./helpers/addon.js');
const { version } = require('../package.json');

const FORGER = require.resolve('./fixtures/forged-platform.js');

// What the process says of itself, by the end of the package's name.
const PLATFORMS = {
  'darwin-arm64': { platform: 'darwin', arch: 'arm64' },
  'darwin-x64': { platform: 'darwin', arch: 'x64' },
  'linux-arm64-gnu': { platform: 'linux', arch: 'arm64', libc: 'ld-linux-aarch64.so.1' },
  'linux-arm64-musl': { platform: 'linux', arch: 'arm64', libc: 'ld-musl-aarch64.so.1' },
  'linux-x64-gnu': { platform: 'linux', arch: 'x64', libc: 'ld-linux-x86-64.so.2' },
  'linux-x64-musl': { platform: 'linux', arch: 'x64', libc: 'ld-musl-x86_64.so.1' },
  'win32-arm64-msvc': { platform: 'win32', arch: 'arm64' },
  'win32-x64-msvc': { platform: 'win32', arch: 'x64' },
};

// The addon, a native pool and context.
const PROGRAM = `
const { AsyncLocalStorage, WorkerPool, engine } = require('async-hooks-rs');
const storage = new AsyncLocalStorage();
function pooled() {
  try {
    return new WorkerPool(1);
  } catch ({ code, message, cause }) {
    return { run: () => ({ code, message, cause: cause?.code }), close() {} };
  }
}
const loaded = () => Object.keys(require.cache).filter((file) => file.endsWith('.node'));
storage.run('store', async () => {
  const pool = pooled();
  const sum = await pool.run({ a: 42, b: 100 });
  await pool.close();
  console.log(JSON.stringify({
    store: storage.getStore(), sum, native: engine().native, files: loaded(),
  }));
});`;

/** The start of an executable that `loader` loads. */
const executable = (loader) => `\x7FELF${'\0'.repeat(508)}${loader}\0`;

describe('platforms', () => {
  let folder;
  let modules;
  before(() => {
    folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'async-hooks-rs-')));
    modules = path.join(folder, 'node_modules');
    copyPackage(path.join(modules, 'async-hooks-rs'), (file) =>
      /^(?:index|worker-pool|async-context)\.js$|^package\.json$/.test(file),
    );
    fs.writeFileSync(path.join(folder, 'program.cjs'), PROGRAM);
  });
  after(() => fs.rmSync(folder, { recursive: true, force: true }));

  /** Runs the program on the forged platform. */
  async function run({ libc, execPath, ...forged } = {}, env = {}) {
    if (libc !== undefined) {
      execPath = path.join(folder, `node-${libc}`);
      fs.writeFileSync(execPath, executable(`/lib/${libc}`));
    }
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [...process.execArgv, '--require', FORGER, path.join(folder, 'program.cjs')],
      {
        cwd: folder,
        env: {
          ...process.env,
          ASYNC_HOOKS_RS_ENGINE: '',
          ...env,
          FORGED_PLATFORM: JSON.stringify({ ...forged, execPath }),
        },
      },
    );
    const outcome = JSON.parse(stdout);
    assert.equal(outcome.store, 'store');
    return outcome;
  }

  /** Puts the package of a platform where the program finds it, while `use` runs. */
  async function installed(target, use, options = {}) {
    const { manifest, binary = fs.readFileSync(addonFile), within = modules } = options;
    const place = path.join(within, `async-hooks-rs-${target}`);
    const main = `async-hooks-rs.${target}.node`;
    fs.mkdirSync(place, { recursive: true });
    fs.writeFileSync(
      path.join(place, 'package.json'),
      JSON.stringify({ name: path.basename(place), version, main, ...manifest }),
    );
    fs.writeFileSync(path.join(place, main), binary);
    try {
      return await use(path.join(place, main));
    } finally {
      fs.rmSync(place, { recursive: true });
    }
  }

  /** The pool says why there is none, with the code and the text that `engine()` has. */
  function assertRefused({ sum, native, files }, code, message) {
    assert.deepEqual([native.loaded, native.code], [false, code]);
    assert.deepEqual(files, []);
    assert.match(native.reason, message);
    assert.deepEqual([sum.code, sum.cause], ['ERR_WORKER_POOL_UNAVAILABLE', code]);
    assert.ok(sum.message.endsWith(native.reason), sum.message);
  }

  for (const [target, forged] of Object.entries(PLATFORMS)) {
    it(`${target}: the addon is that of its package`, { skip: unavailable }, async () => {
      await installed(target, async (file) => {
        const { sum, native, files } = await run(forged);
        assert.deepEqual([native.loaded, sum, files], [true, 142, [file]]);
      });
    });

    it(`${target}: an error names the package that is missing, and how to get it`, async () => {
      const name = `async-hooks-rs-${target}`;
      const outcome = await run(forged);
      assertRefused(outcome, 'ERR_ASYNC_HOOKS_RS_ADDON_MISSING', new RegExp(`package ${name},`));
      for (const command of ['--include=optional', `--save-optional ${name}@${version}`]) {
        assert.ok(outcome.sum.message.includes(`"npm install ${command}"`), outcome.sum.message);
      }
    });
  }

  it('a platform without a package is named', async () => {
    for (const [platform, arch] of [
      ['freebsd', 'x64'],
      ['darwin', 'ppc64'],
    ]) {
      assertRefused(
        await run({ platform, arch }),
        'ERR_ASYNC_HOOKS_RS_ADDON_PLATFORM',
        new RegExp(`for ${platform}-${arch}, but for .*linux-x64-gnu`),
      );
    }
    assertRefused(
      await run({ platform: 'linux', arch: 'arm', libc: 'ld-musl-armhf.so.1' }),
      'ERR_ASYNC_HOOKS_RS_ADDON_PLATFORM',
      /for linux-arm-musleabihf,/,
    );
  });

  it('the addon of another version is refused before it is loaded', async () => {
    const { platform, arch } = PLATFORMS['darwin-arm64'];
    await installed(
      'darwin-arm64',
      async () => {
        assertRefused(
          await run({ platform, arch }),
          'ERR_ASYNC_HOOKS_RS_ADDON_VERSION',
          new RegExp(`is version 99\\.0\\.0, .*"npm install async-hooks-rs@${version}"`),
        );
      },
      { manifest: { version: '99.0.0' } },
    );
  });

  it('the addon within our package comes before another version beside it', {
    skip: unavailable,
  }, async () => {
    const { platform, arch } = PLATFORMS['darwin-arm64'];
    const within = path.join(modules, 'async-hooks-rs', 'node_modules');
    const both = () =>
      installed(
        'darwin-arm64',
        async (file) => {
          const { sum, files } = await run({ platform, arch });
          assert.deepEqual([sum, files], [142, [file]]);
        },
        { within },
      );
    await installed('darwin-arm64', both, { manifest: { version: '99.0.0' } });
  });

  it('a file that is no addon is refused', async () => {
    const { platform, arch } = PLATFORMS['darwin-arm64'];
    await installed(
      'darwin-arm64',
      async (file) => {
        const outcome = await run({ platform, arch });
        assertRefused(outcome, 'ERR_ASYNC_HOOKS_RS_ADDON_LOAD', /./);
        assert.ok(process.execArgv.includes('--no-addons') || outcome.sum.message.includes(file));
      },
      { binary: 'no binary' },
    );
  });

  const linux = { skip: process.platform !== 'linux' };
  it('if the executable does not name its C library, it is that of the report', linux, async () => {
    const real = await run();
    const execPath = path.join(folder, 'program.cjs');
    assert.equal((await run({ execPath })).native.reason, real.native.reason);
  });

  it('a binary beside package.json comes first', { skip: unavailable }, async () => {
    const { platform, arch } = PLATFORMS['darwin-arm64'];
    const built = path.join(modules, 'async-hooks-rs', 'async-hooks-rs.darwin-arm64.node');
    fs.copyFileSync(addonFile, built);
    try {
      await installed('darwin-arm64', async () => {
        const { sum, files } = await run({ platform, arch });
        assert.deepEqual([sum, files], [142, [built]]);
      });
    } finally {
      fs.rmSync(built);
    }
  });

  it('ASYNC_HOOKS_RS_ADDON names a binary', { skip: unavailable }, async () => {
    const file = path.join(folder, 'other.node');
    fs.copyFileSync(addonFile, file);
    const env = { ASYNC_HOOKS_RS_ADDON: 'other.node' }; // relative to the working directory
    const { sum, files } = await run({ platform: 'freebsd' }, env);
    assert.deepEqual([sum, files], [142, [file]]);
  });

  it('ASYNC_HOOKS_RS_ADDON that names nothing is refused', async () => {
    assertRefused(
      await run({}, { ASYNC_HOOKS_RS_ADDON: 'nothing.node' }),
      'ERR_ASYNC_HOOKS_RS_ADDON_LOAD',
      /nothing\.node/,
    );
  });
});
