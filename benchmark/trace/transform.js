'use strict';

// node benchmark/trace/transform.js [--rounds <n>] [<folder> ...]
// What the finder's transform takes: all JavaScript sources below the folders (by default the
// package's node_modules), one after the other, each round. Needs `npm run build:trace`.

const fs = require('node:fs');
const path = require('node:path');
const { parseArgs } = require('node:util');
const { loadTraceAddon } = require('../../lib/package/trace-addon.js');
const { median, quantile } = require('../quotients.js');

const { values, positionals } = parseArgs({
  options: { rounds: { type: 'string', default: '7' } },
  allowPositionals: true,
});
const rounds = Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 1) {
  throw new RangeError(`--rounds must be a positive integer. Received '${values.rounds}'`);
}
const folders =
  positionals.length > 0 ? positionals : [path.join(__dirname, '..', '..', 'node_modules')];

const MEGABYTE = 1e6;
const OPTIONS = { deep: false, sourceMap: false, mends: [] };
const types = new Map();

/** The type of the nearest package. */
function typeOf(folder) {
  if (!types.has(folder)) {
    const manifest = path.join(folder, 'package.json');
    const parent = path.dirname(folder);
    types.set(
      folder,
      fs.existsSync(manifest)
        ? JSON.parse(fs.readFileSync(manifest, 'utf8')).type
        : parent !== folder && typeOf(parent),
    );
  }
  return types.get(folder);
}

const formatOf = (file) =>
  file.endsWith('.mjs') || (file.endsWith('.js') && typeOf(path.dirname(file)) === 'module')
    ? 'module'
    : 'commonjs';

function sourcesIn(folder) {
  return fs.readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) => {
    if (!entry.isFile() || !/\.[cm]?js$/.test(entry.name)) return [];
    const file = path.join(entry.parentPath ?? entry.path, entry.name);
    const source = fs.readFileSync(file, 'utf8');
    return [{ file, source, format: formatOf(file), size: Buffer.byteLength(source) }];
  });
}

const { transform } = loadTraceAddon();
const sources = folders.flatMap(sourcesIn);
const megabytes = sources.reduce((sum, { size }) => sum + size, 0) / MEGABYTE;

/** One round: milliseconds per megabyte, by the clock and of the processor; and what failed. */
function round() {
  const failed = [];
  const cpu = process.cpuUsage();
  const start = process.hrtime.bigint();
  for (const { file, source, format } of sources) {
    if (transform(source, file, format, OPTIONS) === null) failed.push(file);
  }
  const clock = Number(process.hrtime.bigint() - start) / 1e6;
  const { user, system } = process.cpuUsage(cpu);
  return { clock: clock / megabytes, cpu: (user + system) / 1e3 / megabytes, failed };
}

const results = Array.from({ length: rounds }, round);
const row = (name, all) =>
  `${name.padEnd(10)} median ${median(all).toFixed(1)}, best ${quantile(all, 0).toFixed(1)} ms/MB`;

console.log(`${sources.length} sources, ${megabytes.toFixed(1)} MB, ${rounds} rounds`);
console.log(
  row(
    'clock',
    results.map(({ clock }) => clock),
  ),
);
console.log(
  row(
    'processor',
    results.map(({ cpu }) => cpu),
  ),
);
const [{ failed }] = results;
console.log(`not transformed: ${failed.length}${failed.map((file) => `\n  ${file}`).join('')}`);
