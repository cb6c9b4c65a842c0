'use strict';

// Loads a processor. As the program of a thread Node would load a CommonJS file with the CommonJS
// loader, and so do we where Node's own rules say so for certain: import() loads a dozen modules of
// Node's first. For all else it is import(), which also reports what is wrong with a file.

const fs = require('node:fs');
const path = require('node:path');
const { noTypeScript } = require('../errors/processor.js');
const { variable } = require('../package/environment.js');
const Module = require('../package/module-class.js');

// With these Node imports every program, or finds files and their formats in another way.
const OTHER_RULES = [
  'import',
  '(?:experimental-)?loader',
  'experimental-default-type',
  'preserve-symlinks(?:-main)?',
  '(?:experimental-)?policy',
  'experimental-(?:default-)?config-file',
];

// The system's is quicker than Node's own, but on Windows it goes on to where a drive is mapped.
const realpath = process.platform === 'win32' ? fs.realpathSync : fs.realpathSync.native;

// To compile a larger file twice would take longer than import() does.
const LARGEST_COMPILED = 64 * 1024;

// Files with types.
const TYPESCRIPT = /\.[cm]?tsx?$/;

// What Node says of them if it loads none, and if one has syntax that it cannot strip.
const UNKNOWN = 'ERR_UNKNOWN_FILE_EXTENSION';
const NOT_STRIPPED = 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX';

const WRAPPER = ['exports', 'require', 'module', '__filename', '__dirname'];

/**
 * Whether the URL says no more than the path.
 *
 * @param {string} href
 * @param {string} file
 */
function isPlain(href, file) {
  // Loaded here: most processors are given by their paths.
  return require('node:url').pathToFileURL(file).href === href;
}

/**
 * What import() would give: a namespace whose `default` is `module.exports`, if it is CommonJS.
 *
 * @param {string} href  of the file
 * @param {string} file  the same as a path
 * @param {boolean} isPath  the href has nothing that the path has not
 */
function loadProcessor(href, file, isPath) {
  // In a microtask, too, as import() does: what the file enters ends with it.
  if (isPath && isCommonJS(file)) return Promise.resolve(file).then(loadCommonJS);
  return TYPESCRIPT.test(file) ? loadTypeScript(href, file) : import(href);
}

/**
 * As Node loads it, which may strip types, or a loader that hooks import(). Else by a loader that
 * hooks require(): nothing of the file has run then.
 *
 * @param {string} href
 * @param {string} file
 */
async function loadTypeScript(href, file) {
  try {
    return await import(href);
  } catch (error) {
    const { code } = Object(error);
    if (code !== UNKNOWN && code !== NOT_STRIPPED) throw error;
    // A loader may have one for all kinds of files with types.
    if ('.ts' in /** @type {any} */ (Module)._extensions) return loadCommonJS(file);
    throw code === UNKNOWN ? noTypeScript(file, error) : error;
  }
}

/** @param {string} file */
function loadCommonJS(file) {
  // Without a parent, as a program has none; but `require.main` is our own program.
  return { __proto__: null, default: /** @type {any} */ (Module)._load(file, null, false) };
}

/**
 * Whatever cannot be read, or is odd, is not said to be CommonJS.
 *
 * @param {string} file
 */
function isCommonJS(file) {
  try {
    if (!isNodes() || hasOtherRules()) return false;
    const real = realpath(file);
    if (real.endsWith('.cjs')) return fs.statSync(real).isFile();
    if (!real.endsWith('.js')) return false;
    const type = typeFor(path.dirname(real));
    return type === 'commonjs' || (type === undefined && compiles(real));
  } catch {
    return false;
  }
}

// Other hosts have a loader of their own behind Node's interface.
function isNodes() {
  return !('bun' in process.versions || 'deno' in process.versions);
}

function hasOtherRules() {
  const inherited = variable('NODE_OPTIONS') ?? '';
  if (inherited === '' && process.execArgv.length === 0) return false;
  const pattern = new RegExp(String.raw`^--(?:${OTHER_RULES.join('|')})(?:=|$)`);
  return [...process.execArgv, ...inherited.split(/[\s"]+/)].some((flag) => pattern.test(flag));
}

/**
 * The `type` of the nearest package.json, which Node does not look for above node_modules.
 *
 * @param {string} folder
 */
function typeFor(folder) {
  for (;;) {
    if (path.basename(folder) === 'node_modules') return undefined;
    const manifest = readIfThere(path.join(folder, 'package.json'));
    if (manifest !== undefined) return JSON.parse(manifest).type;
    const parent = path.dirname(folder);
    if (parent === folder) return undefined;
    folder = parent;
  }
}

/** @param {string} file */
function readIfThere(file) {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * Without a `type`, Node takes for an ES module what compiles only as one.
 *
 * @param {string} file
 */
function compiles(file) {
  const source = fs.readFileSync(file, 'utf8');
  if (source.length > LARGEST_COMPILED) return false;
  // Loaded here: most packages say their type.
  require('node:vm').compileFunction(source.replace(/^\uFEFF/, ''), WRAPPER);
  return true;
}

module.exports = { isPlain, loadProcessor };
