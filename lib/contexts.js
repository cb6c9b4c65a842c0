'use strict';

// The public functions: they check nothing themselves. What is wrong gets the stack of their call.

const contexts = require('./contexts/index.js');
const { captureStack } = require('./errors/coded.js');

/**
 * @param {unknown} name
 * @param {unknown} [options]
 */
function storageFor(name, options) {
  try {
    return contexts.storageFor(name, options);
  } catch (error) {
    throw captureStack(error, storageFor);
  }
}

/** @param {unknown} carrier */
function defineCarrier(carrier) {
  try {
    return contexts.defineCarrier(carrier);
  } catch (error) {
    throw captureStack(error, defineCarrier);
  }
}

module.exports = { storageFor, defineCarrier };
