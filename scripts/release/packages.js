'use strict';

// Makes the packages of a release: one for each platform, with its addons, and `async-hooks-rs`
// itself, without any, of which those are optional dependencies. npm installs the one that fits.
//
// The manifest in the repository does not name them: `npm install` in a checkout would ask for
// versions that are published only after it, and the lock file could not be complete. Here it gets
// them, and loses what only a checkout needs: scripts, development dependencies, napi's settings. Its
// main entry is the file that the build makes of index.js and of what that loads.
// (`napi prepublish` writes into the checkout's manifest and publishes at once. This makes folders,
// so what is published is what was tried before, by `npm run release:dry`.)

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { npm } = require('../npm.js');
const { targets } = require('./targets.js');

const root = path.resolve(__dirname, '..', '..');
const manifest = require('../../package.json');

const SHARED = ['version', 'author', 'license', 'homepage', 'bugs', 'funding', 'engines'];
const ONLY_IN_CHECKOUTS = ['scripts', 'devDependencies', 'napi'];
const MAIN = './dist/index.js';

const pick = (names) => Object.fromEntries(names.map((name) => [name, manifest[name]]));

/** @typedef {Map<import('./targets.js').Target, Map<string, string>>} Binaries */

function writeManifest(folder, content) {
  fs.writeFileSync(path.join(folder, 'package.json'), `${JSON.stringify(content, null, 2)}\n`);
}

/** The files of the main package, as npm finds them; a checkout also has an addon. */
function mainFiles() {
  const [{ files }] = JSON.parse(npm(['pack', '--dry-run', '--json', '--ignore-scripts'], root));
  return files.map(({ path: file }) => file).filter(isPublished);
}

const isPublished = (file) => file !== 'index.js' && !file.endsWith('.node');

/** The main package's manifest, which names the packages of these platforms. */
function mainManifest(named) {
  const content = Object.fromEntries(
    Object.entries(manifest).filter(([key]) => !ONLY_IN_CHECKOUTS.includes(key)),
  );
  return {
    ...content,
    main: MAIN,
    exports: { ...manifest.exports, '.': { ...manifest.exports['.'], default: MAIN } },
    files: manifest.files.filter(isPublished),
    optionalDependencies: Object.fromEntries(
      named.map(({ packageName }) => [packageName, manifest.version]),
    ),
  };
}

function platformManifest({ platform, packageName, os: system, cpu, libc }, files) {
  return {
    name: packageName,
    ...pick(SHARED),
    description: `The addons of ${manifest.name} for ${platform}`,
    repository: manifest.repository,
    main: files[0],
    files,
    os: [system],
    cpu: [cpu],
    ...(libc === undefined ? {} : { libc: [libc] }),
  };
}

function stageMain(folder, named) {
  for (const file of mainFiles()) {
    fs.mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    fs.copyFileSync(path.join(root, file), path.join(folder, file));
  }
  writeManifest(folder, mainManifest(named));
}

function stagePlatform(folder, target, binaries) {
  fs.mkdirSync(folder, { recursive: true });
  for (const [name, file] of binaries) fs.copyFileSync(file, path.join(folder, name));
  fs.copyFileSync(path.join(root, 'LICENSE'), path.join(folder, 'LICENSE'));
  fs.writeFileSync(
    path.join(folder, 'README.md'),
    `# ${target.packageName}\n\n` +
      `The addons of [${manifest.name}](${manifest.homepage}) for ${target.platform}. ` +
      `They are installed with that package.\n`,
  );
  writeManifest(folder, platformManifest(target, [...binaries.keys()]));
}

/**
 * The addons in these folders, by their targets and the names of their files. The first folder that
 * has one counts. A target without the addon that programs load is left out; the finder's may be
 * missing, because a checkout builds it by itself.
 *
 * @returns {Binaries}
 */
function binariesIn(...folders) {
  const found = new Map();
  for (const target of targets) {
    const files = new Map();
    for (const { binary } of target.addons) {
      const file = folders.map((folder) => path.join(folder, binary)).find(fs.existsSync);
      if (file !== undefined) files.set(binary, file);
    }
    if (files.has(target.addons[0].binary)) found.set(target, files);
  }
  return found;
}

/**
 * Writes the folders of the packages, as they are published: those of platforms first, because the
 * main one asks for them.
 *
 * @param {string} folder
 * @param {Binaries} binaries
 * @param {import('./targets.js').Target[]} [named]  the platforms that the main package asks for:
 *   all of them in a release
 * @returns {string[]} the folders
 */
function stage(folder, binaries, named = targets) {
  const folders = [...binaries].map(([target, binary]) => {
    const place = path.join(folder, target.packageName);
    stagePlatform(place, target, binary);
    return place;
  });
  const main = path.join(folder, manifest.name);
  stageMain(main, named);
  return [...folders, main];
}

/** Packs the folders of stage() into `folder`, and returns the paths of the tarballs. */
function packAll(folder, folders) {
  return folders.map((place) => {
    const [{ filename }] = JSON.parse(npm(['pack', '--json', '--pack-destination', folder], place));
    return path.join(folder, filename);
  });
}

/**
 * The package as a user of this machine gets it: packs it with the addons that are found in one of
 * `folders`, by default the checkout's, and installs the tarballs into the project `project`.
 */
function installInto(project, folders = [root]) {
  const packed = fs.mkdtempSync(path.join(os.tmpdir(), 'async-hooks-rs-'));
  try {
    const binaries = binariesIn(...folders);
    const staged = stage(path.join(packed, 'stage'), binaries, [...binaries.keys()]);
    npm(
      [
        'install',
        '--no-audit',
        '--no-fund',
        '--ignore-scripts',
        '--no-save',
        ...packAll(packed, staged),
      ],
      project,
    );
  } finally {
    fs.rmSync(packed, { recursive: true, force: true });
  }
}

module.exports = { root, manifest, binariesIn, stage, installInto };
