'use strict';

// Makes `dist/`, the form in which the package ships: the modules of lib/ in a few files, because
// to find and read a file takes Node longer than to compile it. Part of `npm run build`.
//
// The modules stay readable: their lines, names and order are those of the sources, only comments
// are left out; a source map beside each file leads to the sources. Each module is a function in
// parentheses, which V8 compiles at once: it would parse any other function twice, and what is in
// it three times. A module runs when it is first asked for, as one that is required does.

const fs = require('node:fs');
const path = require('node:path');
const compiled = require('./dist/compiled.js');
const { createLoader } = require('./dist/loader.js');
const { readModule } = require('./dist/module.js');
const { Output } = require('./dist/output.js');

const root = path.resolve(__dirname, '..');
const lib = path.join(root, 'lib');
const dist = path.join(root, 'dist');

const addons = ['index', 'loading', 'options', 'known-addons'].map(
  (name) => `native-callbacks/${name}`,
);

// What the first scope needs.
const scope = ['engine/readers', 'node/exceptions'];

// What finds and loads the addon.
const binary = ['package/binary', 'package/target'];

// What the engines with hooks of async_hooks have in common.
const hooked = [
  'engine/kept-frames',
  'node/internals',
  'node/microtask',
  'node/promise-tracking',
  'node/quiet-scopes',
  'node/rejections',
];

// What stands in which file, by name or folder. The rest of a group is loaded with the first module
// of it that is asked for. A module may be in several groups, but runs once.
const groups = {
  // What the entries need when they are loaded, with the engine of Node 24 and later.
  index: [
    'async-local-storage',
    'async-resource',
    'keep-native-callbacks',
    'context/scope',
    'frames/',
    'engine/index',
    'engine/shared',
    'engine/frame',
    'engine/slot',
    'node/async-hooks',
    'node/async-resource',
    'node/builtin-module',
    'node/clock',
    'node/option',
    'node/replaced',
    'node/stack',
    'package/addon',
    'package/environment',
    'package/module-class',
  ],
  scope,
  // What a pool needs before its threads start, and what it needs after.
  start: [
    'worker-pool',
    'pool/base',
    'pool/start',
    'pool/options',
    'pool/processor',
    'pool/runtime',
    'pool/tasks/options',
    'pool/threads/worker-source',
    'node/moved',
    'node/pool-thread',
    'package/files',
    'package/required-addon',
    'wire/packet',
  ],
  // The engines before Node 24: of Node 22, of Node 20; and those of other hosts.
  slot: [
    'engine/slot-hooks',
    'node/exceptions',
    'node/parsers',
    'package/files',
    ...hooked,
    ...binary,
  ],
  hooks: ['engine/hooks/', ...hooked],
  hosts: ['engine/builtin', 'engine/deno'],
  // What keepNativeCallbacks() needs until an addon is loaded.
  addons,
  register: ['register/', ...addons, ...scope],
  callbacks: ['native-callbacks/'],
  context: ['async-context', 'context/realms'],
  // Contexts that cross; a pool's, too, because few pools have any.
  crossing: [
    'contexts',
    'contexts/',
    'node/pool-thread',
    'pool/tasks/context-numbers',
    'pool/tasks/contexts',
    'wire/context',
  ],
  metrics: ['metrics/'],
  opentelemetry: ['opentelemetry/', 'package/files'],
  queue: ['queue-pool', 'queue/', 'codec/frame'],
  command: ['command/', 'package/trace-addon'],
  trace: ['trace/', 'package/trace-addon'],
  pool: [
    'pool/',
    'codec/',
    'wire/',
    'node/internals',
    'node/microtask',
    'node/posted',
    'node/safe-map',
    ...binary,
  ],
  // What only pools need that are iterated.
  iterations: [
    'pool/iteration/options',
    'pool/iteration/index',
    'pool/iteration/map',
    'pool/iteration/outlet',
    'pool/iteration/stream',
  ],
  worker: [
    'worker/',
    'codec/',
    'wire/',
    'engine/shared',
    'node/async-hooks',
    'node/builtin-module',
    'node/clock',
    'node/moved',
    'node/pool-thread',
    'node/posted',
    'node/replaced',
    'node/safe-map',
    'package/addon',
    'package/environment',
    'package/module-class',
  ],
  // What few of them need.
  thread: [
    'worker/load-function',
    'worker/memory',
    'worker/other-processors',
    'worker/progress',
    'worker/stream',
    'worker/task-contexts',
    'wire/context',
    'package/files',
    ...binary,
  ],
  // The bridge to a process, and the program of that.
  process: [
    'worker/process/bridge',
    'worker/process/bridge-lane',
    'worker/process/child',
    'worker/process/child-output',
    'worker/process/lifeline',
    'worker/process/process-runner',
    'worker/process/relayed-contexts',
    'worker/process/wire',
    'codec/frame',
  ],
  // The failures.
  errors: ['errors/'],
  // Values that are neither plain nor small.
  rare: [
    'codec/attachments',
    'codec/binary',
    'codec/read-builtin',
    'codec/read-error',
    'codec/thrown',
    'codec/write-error',
    'node/transfers',
  ],
};

// What no bundle has: bundlers must not follow the imports that it makes of a user's files.
const hidden = ['command'];

// What seldom runs. A module that reads functions of these has them loaded when it calls one; the
// build fails if it reads anything else of them.
const seldom = ['errors', 'rare'];
// What loads these at once: it takes long to load by itself.
const patient = ['queue'];

// The files that load modules, with the groups they load them from: the one of the entries, and the
// program of the workers.
const ofWorkers = ['worker', 'thread', 'process'];
const roots = {
  index: Object.keys(groups).filter((name) => name !== 'index' && !ofWorkers.includes(name)),
  worker: ['thread', 'process', ...seldom],
};

// What is run by its path.
const programs = {
  'worker/main': 'worker.js',
  'register/preload': 'preload.js',
  'package/platforms': 'platforms.js',
  'trace/loading/hooks-thread': 'hooks-thread.js',
  'trace/worker-preload': 'trace-preload.js',
};
// Those of them that stand in no other file.
const alone = ['package/platforms'];

// What the entries at the top level ask for, and dist/preload.js.
const entries = [
  'async-local-storage',
  'async-resource',
  'worker-pool',
  'engine/index',
  'register/index',
  'register/preload',
  'async-context',
  'contexts',
  'contexts/index',
  'metrics/index',
  'opentelemetry/carrier',
  'keep-native-callbacks',
  'queue-pool',
  'trace/index',
  'trace/loading/hooks-thread',
  'trace/worker-preload',
  'command/index',
  'node/clock',
];

// Under which dist/index.js, whose exports are the public ones, has what the other entries need.
const PART = "Symbol.for('async-hooks-rs.part')";

// What the workers' program shares with the program that runs in its thread: both have one copy.
const shared = ['contexts/index', 'engine/index'];

// What the roots end with.
const ends = {
  index(output) {
    const cases = entries.map(
      (name) => `      case '${name}': return loader.${request(name, 'index')};\n`,
    );
    output.add(`Object.defineProperty(module.exports, ${PART}, {
  __proto__: null,
  value(name) {
    switch (name) {
${cases.join('')}    }
  },
});
`);
    const target = (name) => {
      if (name !== '../dist/index') throw new Error(`index.js requires ${name}`);
      return 'module.exports';
    };
    output.addModule(readModule(lib, '../index', { target, programs, isWhole: true }));
  },
  worker: (output) => output.add("loader.part('worker/main');\n"),
};

const names = fs
  .readdirSync(lib, { recursive: true })
  .filter((file) => file.endsWith('.js'))
  .map((file) => file.replaceAll(path.sep, '/').slice(0, -'.js'.length))
  .sort();

const isIn = (group, name) =>
  groups[group].some((pattern) =>
    pattern.endsWith('/') ? name.startsWith(pattern) : name === pattern,
  );

const isSeldom = (name) => seldom.some((group) => isIn(group, name));

function membersOf(group) {
  const others = Object.keys(groups).filter(
    (other) => other !== group && ofWorkers.includes(other) === ofWorkers.includes(group),
  );
  return names.filter(
    (name) =>
      isIn(group, name) &&
      !alone.includes(name) &&
      (seldom.includes(group) || !isSeldom(name)) &&
      // A folder as a whole leaves out what is listed elsewhere by its name.
      (groups[group].includes(name) || !others.some((other) => groups[other].includes(name))),
  );
}

const members = Object.fromEntries(Object.keys(groups).map((group) => [group, membersOf(group)]));

/** The group, if another one than `from`, that has the module for the modules of `from`. */
function groupOf(name, from) {
  const own = ofWorkers.includes(from) ? 'worker' : 'index';
  if (members[from].includes(name) || members[own].includes(name)) return undefined;
  const found = roots[own].find((group) => members[group].includes(name));
  if (found === undefined) throw new Error(`no group of files has lib/${name}.js`);
  return found;
}

/**
 * The call that stands in place of `require()` of a module, in the modules of a group; `read` are
 * the properties that are read of it, if that is known.
 */
function request(name, from, read) {
  // Both programs have the files of what seldom runs.
  if (seldom.includes(from) && !members.worker.includes(name) && !isSeldom(name)) {
    throw new Error(`the workers' program lacks lib/${name}.js`);
  }
  if (ofWorkers.includes(from) && shared.includes(name)) {
    return `require('./index.js')[${PART}]('${name}')`;
  }
  const group = groupOf(name, from);
  if (group === undefined) return `part('${name}')`;
  const now = read === undefined || !seldom.includes(group) || patient.includes(from);
  if (now) return `part('${name}', '${group}')`;
  const exported = require(path.join(lib, name));
  const others = read.filter((property) => typeof exported[property] !== 'function');
  if (others.length > 0) throw new Error(`${others} of lib/${name}.js cannot be read later`);
  return `later('${name}', '${group}', [${read.map((property) => `'${property}'`).join(', ')}])`;
}

function write(group) {
  const output = new Output(`${group}.js`);
  output.add("'use strict';\n\n");
  const isRoot = group in roots;
  output.add(
    isRoot ? `const loader = (${withoutComments(createLoader)})({\n` : 'module.exports = {\n',
  );
  for (const name of members[group]) {
    output.add(`'${name}': (function(part, module, later) {\n`);
    const target = (required, read) => request(required, group, read);
    output.addModule(readModule(lib, name, { target, programs, compiled: compiled[name] }));
    output.add('}),\n');
  }
  if (isRoot) {
    output.add('}, {\n');
    for (const other of roots[group]) {
      const from = hidden.includes(other)
        ? "require('node:module').createRequire(__filename)"
        : 'require';
      output.add(`  ${other}: () => ${from}('./${other}.js'),\n`);
    }
    output.add('}, module);\n\n');
    ends[group](output);
  } else {
    output.add('};\n');
  }
  output.write(dist);
}

const withoutComments = (fn) => `${fn}`.replace(/^ *\/\/.*\n| *\/\/.*/gm, '');

function writeAlone(name) {
  const output = new Output(programs[name]);
  output.addModule(readModule(lib, name, { programs, isWhole: true }));
  output.add('\n');
  output.write(dist);
}

const missing = names.filter(
  (name) => !alone.includes(name) && !Object.values(members).some((list) => list.includes(name)),
);
if (missing.length > 0) throw new Error(`no group of files has ${missing.join(', ')}`);

for (const file of fs.readdirSync(dist)) {
  if (path.extname(file) !== '') fs.rmSync(path.join(dist, file)); // `index` is a source
}
for (const group of Object.keys(groups)) write(group);
for (const name of alone) writeAlone(name);
// `import` finds the names of the hooks in the assignments.
for (const [name, lines] of Object.entries({
  'preload.js': [`${requiredPart('register/preload')};`],
  'trace-preload.js': [`${requiredPart('trace/worker-preload')};`],
  'hooks-thread.js': [
    `const hooks = ${requiredPart('trace/loading/hooks-thread')};`,
    'module.exports.initialize = hooks.initialize;',
    'module.exports.load = hooks.load;',
  ],
})) {
  fs.writeFileSync(path.join(dist, name), `'use strict';\n\n${lines.join('\n')}\n`);
}

function requiredPart(name) {
  return `require('./index.js')[${PART}]('${name}')`;
}
