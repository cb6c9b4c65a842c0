'use strict';

// `npm run release:dry`: all that a release does, short of publishing it to the world. Packs the
// packages, publishes them to a registry on this machine, and installs them from there into an
// empty project, where the examples run; without optional dependencies, too; and uninstalls them.
//
// --addons <folder>            addons of scripts/release/build.js; default: the checkout's own
// --with <platform>=<command>  uses the packages of another platform, too, with this command for
//                              its Node; any number of times. See ci/release-cross.sh.

const { fork } = require('node:child_process');
const { once } = require('node:events');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { parseArgs } = require('node:util');
const { currentTarget } = require('../../lib/package/target.js');
const { npm, install } = require('../../scripts/npm.js');
const { supported, nodeVersions } = require('../../scripts/node-versions.js');
const {
  check,
  checkExamples,
  checkProject,
  checkTrace,
  run,
} = require('../../scripts/release/consumer.js');
const { binariesIn, manifest, root, stage } = require('../../scripts/release/packages.js');
const { targets } = require('../../scripts/release/targets.js');
const { buildTraceAddon } = require('../../scripts/trace-addon.js');

const { values } = parseArgs({
  options: {
    addons: { type: 'string', default: root },
    with: { type: 'string', multiple: true, default: [] },
  },
});
const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'async-hooks-rs-')));
const { name, version } = manifest;

async function startRegistry() {
  if (!fs.existsSync(path.join(__dirname, 'node_modules'))) install(__dirname);
  const place = path.join(folder, 'registry');
  fs.mkdirSync(place);
  const registry = fork(path.join(__dirname, 'registry.js'), [place]);
  const [address] = await once(registry, 'message');
  return { registry, address };
}

/** The folder of a new project whose packages come from the registry. */
function createProject(title, address) {
  const project = path.join(folder, title);
  fs.mkdirSync(project);
  fs.writeFileSync(path.join(project, 'package.json'), '{ "private": true }\n');
  const settings = [
    `registry=${address}`,
    `//${new URL(address).host}/:_authToken=none`,
    `cache=${path.join(folder, 'cache')}`,
    'audit=false',
    'fund=false',
    'update-notifier=false',
  ];
  fs.writeFileSync(path.join(project, '.npmrc'), `${settings.join('\n')}\n`);
  return project;
}

const installedIn = (project) => {
  const modules = path.join(project, 'node_modules');
  return fs.existsSync(modules)
    ? fs
        .readdirSync(modules)
        .filter((entry) => !entry.startsWith('.'))
        .sort()
    : [];
};

/** What a pool's error says in the project. */
function poolError(project, node) {
  return JSON.parse(
    run(project, node, [
      '-e',
      `
    try {
      new (require('async-hooks-rs/worker-pool'))(1);
    } catch ({ code, message, cause }) {
      console.log(JSON.stringify({ code, message, cause: cause.code }));
    }`,
    ]),
  );
}

function tryDefault(address, binaries, platform) {
  const project = createProject('default', address);
  npm(['install', name], project);
  const expected = [name, platform.packageName];
  check(`${installedIn(project)}` === `${expected}`, `installed are ${installedIn(project)}`);
  for (const [major, node] of binaries) {
    console.log(
      `installed, Node ${major}: engine ${checkProject(project, [node])}, ` +
        `${checkExamples(project, [node])} examples`,
    );
    checkTrace(project, [node]);
  }
  npm(['uninstall', name], project);
  const { dependencies = {} } = JSON.parse(fs.readFileSync(path.join(project, 'package.json')));
  check(
    `${installedIn(project)}` === '' && Object.keys(dependencies).length === 0,
    `uninstalling leaves ${installedIn(project)} and ${JSON.stringify(dependencies)}`,
  );
}

// Both commands that the error names add the package.
function tryWithoutOptional(address, node, { packageName }) {
  for (const [title, remedy] of [
    ['included', ['install', '--include=optional']],
    ['saved', ['install', '--save-optional', `${packageName}@${version}`]],
  ]) {
    const project = createProject(title, address);
    npm(['install', '--omit=optional', name], project);
    check(`${installedIn(project)}` === name, `installed are ${installedIn(project)}`);
    checkProject(project, [node], { addon: false });
    const { code, message, cause } = poolError(project, [node]);
    check(
      code === 'ERR_WORKER_POOL_UNAVAILABLE' && cause === 'ERR_ASYNC_HOOKS_RS_ADDON_MISSING',
      `${code}, because of ${cause}`,
    );
    check(message.includes(packageName) && message.includes(`"npm ${remedy.join(' ')}"`), message);
    npm(remedy, project);
    checkProject(project, [node]);
    console.log(`without optional dependencies, after npm ${remedy.join(' ')}: works`);
  }
}

function tryForeign(address, platform, node) {
  const target = targets.find((each) => each.platform === platform);
  const { os: system, cpu, libc, packageName } = target;
  const project = createProject(platform, address);
  npm(['install', name, `--os=${system}`, `--cpu=${cpu}`, `--libc=${libc}`], project);
  check(
    `${installedIn(project)}` === `${[name, packageName]}`,
    `installed are ${installedIn(project)}`,
  );
  const version = run(project, node, ['--version']).trim();
  console.log(
    `${platform}, Node ${version}: engine ${checkProject(project, node)}, ` +
      `${checkExamples(project, node)} examples`,
  );
}

async function main() {
  if (values.addons === root) buildTraceAddon();
  const addons = binariesIn(path.resolve(values.addons));
  const staged = stage(path.join(folder, 'npm'), addons);
  const { registry, address } = await startRegistry();
  try {
    const publisher = createProject('publisher', address);
    for (const place of staged) {
      npm(['publish', place, '--ignore-scripts', '--loglevel=error'], publisher);
      console.log(`published ${path.basename(place)}`);
    }
    const platform = targets.find((target) => target.platform === currentTarget());
    const binaries = nodeVersions([supported[0], supported.at(-1)]);
    tryDefault(address, binaries, platform);
    tryWithoutOptional(address, binaries.get(supported.at(-1)), platform);
    for (const each of values.with) {
      const [, foreign, command] = /^(.*?)=(.*)$/.exec(each);
      tryForeign(address, foreign, command.split(' '));
    }
  } finally {
    registry.disconnect();
  }
}

main()
  .catch((error) => {
    console.error(error);
    process.exitCode = 1;
  })
  .finally(() => fs.rmSync(folder, { recursive: true, force: true }));
