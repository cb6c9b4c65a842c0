'use strict';

// Runs after `npm install` in a checkout, before `npm pack`, and when npm installs the package from
// a git URL. Builds the addon. Where that is impossible the installation must succeed all the same,
// because the package works without the addon; what is lost is said.

const { spawnSync } = require('node:child_process');

const npm = process.env.npm_execpath;
const build =
  npm === undefined
    ? spawnSync('npm', ['run', 'build'], { stdio: 'inherit', shell: true })
    : spawnSync(process.execPath, [npm, 'run', 'build'], { stdio: 'inherit' });

if (build.status !== 0) {
  const cargo = spawnSync('cargo', ['--version'], { stdio: 'ignore' });
  const cause =
    cargo.error === undefined && cargo.status === 0
      ? 'cargo reported the errors above'
      : 'there is no Rust toolchain (cargo) on this machine';
  console.warn(
    [
      '',
      `async-hooks-rs: the native addon was not built: ${cause}.`,
      'AsyncLocalStorage, AsyncResource and AsyncContext work without it, in plain JavaScript;',
      'there is no WorkerPool, and Node 22 is slower.',
      'require("async-hooks-rs").engine() says which engine carries the context.',
      '',
    ].join('\n'),
  );
}
