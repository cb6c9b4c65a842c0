'use strict';

// Calls each bundler as its documentation says for a Node program, and, where the package must stay
// external, as docs/guides/bundlers.md says. Each function returns the written file and the
// warnings.

const { execFile } = require('node:child_process');
const path = require('node:path');
const { promisify } = require('node:util');

const PACKAGE = 'async-hooks-rs';

async function esbuild(entry, folder, { external }) {
  const file = path.join(folder, 'app.cjs');
  const { warnings } = await require('esbuild').build({
    entryPoints: [entry],
    bundle: true,
    platform: 'node',
    outfile: file,
    logLevel: 'silent',
    external: external ? [PACKAGE] : [],
  });
  return { file, warnings };
}

async function rollup(entry, folder, { external }, format = 'cjs') {
  const file = path.join(folder, format === 'cjs' ? 'app.cjs' : 'app.mjs');
  const warnings = [];
  const bundle = await require('rollup').rollup({
    input: entry,
    plugins: [require('@rollup/plugin-node-resolve')(), require('@rollup/plugin-commonjs')()],
    external: external ? [/^async-hooks-rs/] : [],
    // Rollup says of every CommonJS package that Node's modules are not bundled.
    onwarn: ({ code, message }) => code !== 'UNRESOLVED_IMPORT' && warnings.push(message),
  });
  await bundle.write({ file, format });
  await bundle.close();
  return { file, warnings };
}

const rollupModule = (entry, folder, options) => rollup(entry, folder, options, 'es');

// webpack's interface, which Rspack has, too.
async function webpack(entry, folder, { external }, bundler = require('webpack')) {
  const stats = await promisify(bundler)({
    mode: 'production',
    target: 'node',
    entry,
    output: { path: folder, filename: 'app.cjs' },
    externals: external ? { [PACKAGE]: `commonjs ${PACKAGE}` } : {},
  });
  const { errors, warnings } = stats.toJson({ all: false, errors: true, warnings: true });
  if (errors.length > 0) throw new Error(errors.map(({ message }) => message).join('\n'));
  return { file: path.join(folder, 'app.cjs'), warnings: warnings.map(({ message }) => message) };
}

const rspack = (entry, folder, options) =>
  webpack(entry, folder, options, require('@rspack/core').rspack);

async function ncc(entry, folder, { external }) {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [
    require.resolve('@vercel/ncc/dist/ncc/cli.js'),
    'build',
    entry,
    '-o',
    folder,
    '--no-cache',
    ...(external ? ['--external', PACKAGE] : []),
  ]);
  const warnings = `${stdout}${stderr}`.split('\n').filter((line) => /warn|can't/i.test(line));
  return { file: path.join(folder, 'index.mjs'), warnings };
}

module.exports = { builders: { esbuild, rollup, rollupModule, webpack, rspack, ncc } };
