'use strict';

// Loads what a worker needs of the program: its processor, and the files of carriers.

const path = require('node:path');
const { isPlain, loadProcessor } = require('./load-processor.js');

/**
 * How a processor was given, and what else has to be loaded.
 *
 * @typedef {object} Given
 * @property {string} url
 * @property {string | undefined} file
 * @property {string | undefined} source  the text of a function
 * @property {readonly import('../contexts/context.js').Description[] | undefined} contexts
 */

/** @param {Given} given */
const fileOf = ({ file, url }) => file ?? nodeUrl().fileURLToPath(url);

/**
 * The processor: a file, or the text of a function.
 *
 * @param {Given} given
 * @param {string} file
 */
function load(given, file) {
  const { url, source } = given;
  if (source === undefined) {
    return loadProcessor(url, file, given.file !== undefined || isPlain(url, file));
  }
  // Loaded here: most processors are files.
  return require('./load-function.js').loadFunction(source, file);
}

// Loaded here: most processors are given by their paths.
const nodeUrl = () => require('node:url');

/**
 * Loads the files of carriers.
 *
 * @param {Given['contexts']} contexts
 */
async function defineCarriers(contexts = []) {
  for (const { module } of contexts) {
    if (module !== undefined) {
      await import(path.isAbsolute(module) ? nodeUrl().pathToFileURL(module).href : module);
    }
  }
}

module.exports = { defineCarriers, fileOf, load };
