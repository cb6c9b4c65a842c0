'use strict';

// The whole JavaScript suite on every supported Node version; and the tests that depend on how
// context is carried, on both implementations in Node where a flag switches, and once with each
// engine forced. Ends with a table and fails if any run failed. `--only <text>` runs the
// configurations whose name contains the text. `--tested <version>` leaves out the one without a
// flag or engine on exactly that version: `npm test` and `npm run test:long` run it. `--trace` runs
// the tests of the finder instead, on each version. `--brief` runs what together runs every line
// that the whole matrix runs, for scripts/coverage.js.

const { execFileSync, spawnSync } = require('node:child_process');
const os = require('node:os');
const path = require('node:path');
const { parseArgs } = require('node:util');
const { nodeVersions } = require('./node-versions.js');
const { testEnvironment } = require('./test-environment.js');
const { LONG, OF_TEXTS, testFiles, traceTestFiles } = require('./test-files.js');
const { buildTraceAddon } = require('./trace-addon.js');

const FRAMES_ON = '--experimental-async-context-frame';
const FRAMES_OFF = '--no-async-context-frame';

// The files of `--brief`: nearly all once, and for the other engines those that alone run lines.
const MOST =
  /^__test__\/(?!ci-scripts|docs|packed|robustness\/(?!collection)|propagation|worker-pool\/memory\/(?!dropped|out-of-memory)|examples|layers|package-contents)/;
const OF_HOOKS =
  /\/(async-context\/run|async-local-storage\/(run|engine-choice|enter-with)|propagation\/(rejections|promises|uncaught))\./;
const OF_SLOT_HOOKS =
  /\/(async-local-storage\/(run|with-scope|engine-choice)|async-resource\/run-in-async-scope|native-callbacks\/.*|propagation\/(http-server|rejections|nested-callbacks|uncaught)|register\/(bound-functions|native-callbacks)|worker-pool\/(context\/.*|host\/fake-timers))\./;
const OF_BUILTIN = /\/(async-local-storage\/run|native-callbacks\/(bound|exports))\./;

const configurations = [
  { major: 20, brief: OF_HOOKS },
  { major: 22, brief: OF_SLOT_HOOKS },
  { major: 24, brief: MOST },
  { major: 26 },
  { major: 22, flag: FRAMES_ON },
  { major: 24, flag: FRAMES_OFF },
  { major: 20, engine: 'builtin' },
  { major: 22, engine: 'hooks' },
  { major: 24, engine: 'builtin', brief: OF_BUILTIN },
  { major: 26, engine: 'slot-hooks' },
  { major: 26, engine: 'frame', addon: false },
  { major: 24, engine: 'frame', readers: true },
];

// Test files mostly wait for the processes they start; node:test leaves one core unused.
const TEST_FLAGS = ['--test-reporter=tap', `--test-concurrency=${os.availableParallelism()}`];

const root = path.resolve(__dirname, '..');

// Engines to which it makes no difference whether somebody has a hook.
const HOOKLESS = ['builtin', 'frame'];

/** Whether the configuration chooses such an engine, by its name or by V8's frames. */
const choosesHookless = ({ engine, flag }) => HOOKLESS.includes(engine) || flag === FRAMES_ON;

// The pool's tests take longer than all others, and few of them depend on context.
const POOL = path.join('__test__', 'worker-pool', path.sep);
const KNOWS_OF_CONTEXT =
  /[/\\](context[/\\][\w-]+|api[/\\](events|exports)|host[/\\]no-addons)\.test\.js$/;

// Tests of the documentation, of what is packed, of the addon's arguments, and of what is refused:
// the engine makes no difference to them.
const KNOWS_NO_ENGINE = new RegExp(
  [
    /^__test__[/\\](docs|packed)[/\\]/,
    /[/\\](examples|platforms|pool-arguments|pool-failures|wire)\.test\.js$/,
  ]
    .map(({ source }) => source)
    .join('|'),
);

// Where native code reads the stores, stores without an end of scope pile up as with Node's class.
const PILES_UP = path.join('__test__', 'robustness', path.sep);

function filesFor(configuration) {
  const { flag, engine, readers, brief: chosen } = configuration;
  const files = (trace ? traceTestFiles() : testFiles()).filter(
    (file) => configuration === readsTexts || !OF_TEXTS.includes(file),
  );
  if (trace) return files;
  if (brief) {
    return files
      .filter((file) => !LONG.includes(file))
      .filter((file) => chosen.test(file.replaceAll(path.sep, '/')));
  }
  if (flag === undefined && engine === undefined) return files;
  return files
    .filter((file) => !file.startsWith(POOL) || KNOWS_OF_CONTEXT.test(file))
    .filter((file) => !KNOWS_NO_ENGINE.test(file))
    .filter((file) => !readers || !file.startsWith(PILES_UP));
}

function nameOf({ major, flag, engine, addon, readers }) {
  const parts = [`Node ${major}`, flag, engine && `engine ${engine}`];
  return [...parts, addon === false && 'no addons', readers && 'native readers']
    .filter(Boolean)
    .join(', ');
}

function run(configuration, binaries) {
  const { major, flag, engine, addon, readers } = configuration;
  const options = [process.env.NODE_OPTIONS, flag, addon === false && '--no-addons'];
  const env = testEnvironment({ NODE_OPTIONS: options.filter(Boolean).join(' ') });
  if (engine !== undefined) env.ASYNC_HOOKS_RS_ENGINE = engine;
  if (readers) env.ASYNC_HOOKS_RS_NATIVE_READERS = '1';
  // As __test__/helpers/suite.js has it: Node's own storages and V8's frames carry the context in
  // the same way, whether node:test has a hook enabled or not. Where Node has frames by default, all
  // files run twice with them.
  if (brief || choosesHookless(configuration)) env.ASYNC_HOOKS_RS_TEST_ONCE = '1';
  const started = process.hrtime.bigint();
  const { status, signal, stdout, error } = spawnSync(
    binaries.get(major),
    ['--test', ...TEST_FLAGS, ...filesFor(configuration)],
    {
      cwd: root,
      env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
      maxBuffer: 256 * 1024 * 1024,
    },
  );
  if (error !== undefined) throw error;
  // A thousand passed tests tell nothing; the whole report of a failed run may help.
  console.log(status === 0 ? stdout.match(/^# (tests|pass|fail|skipped) .*/gm).join('\n') : stdout);
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  return { passed: status === 0, outcome: signal ?? `exit code ${status}`, seconds };
}

const {
  values: { brief, only, tested, trace },
} = parseArgs({
  options: {
    brief: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    tested: { type: 'string' },
    trace: { type: 'boolean', default: false },
  },
});
const named = configurations
  .filter((configuration) => nameOf(configuration).includes(only))
  .filter((configuration) => !brief || configuration.brief !== undefined)
  .filter(({ flag, engine }) => !trace || (flag === undefined && engine === undefined));
// The one that reads texts, too. `npm test` has read them on the version that is given; it does not
// run the finder's tests.
const readsTexts = trace || tested === undefined ? named[0] : undefined;
if (trace) buildTraceAddon();

const binaries = nodeVersions([...new Set(named.map(({ major }) => major))]);

const TEXT = { encoding: 'utf8' };

function wasTested({ major, flag, engine }) {
  if (tested === undefined || flag !== undefined || engine !== undefined) return false;
  return execFileSync(binaries.get(major), ['--version'], TEXT).trim() === tested;
}

const wanted = named.filter((configuration) => !wasTested(configuration));
const results = wanted.map((configuration) => {
  console.log(`\n== ${nameOf(configuration)}`);
  return { name: nameOf(configuration), ...run(configuration, binaries) };
});

console.log('\nNode matrix:');
for (const { name, passed, outcome, seconds } of results) {
  console.log(`  ${passed ? 'passed' : `FAILED (${outcome})`}  ${name}  ${seconds.toFixed(0)} s`);
}
const failed = results.filter(({ passed }) => !passed).length;
if (results.length === 0) console.error(`no configuration has '${only}' in its name`);
process.exitCode = failed > 0 || results.length === 0 ? 1 : 0;
