'use strict';

// What `register` does about callbacks of addons: the environment says it.

const { nativeCallbacksUnknown } = require('../errors/context.js');
const { variable } = require('../package/environment.js');

const VARIABLE = 'ASYNC_HOOKS_RS_NATIVE_CALLBACKS';

/** @type {Record<string, () => object | undefined>} */
const choices = {
  off: () => undefined,
  known: () => ({ arguments: require('../native-callbacks/known-addons.js'), resources: false }),
  arguments: () => ({ resources: false }),
  all: () => ({}),
};

/**
 * The options of keepNativeCallbacks(), `undefined` for none. Throws
 * ERR_ASYNC_HOOKS_RS_NATIVE_CALLBACKS_UNKNOWN.
 */
function chosenNativeCallbacks() {
  const choice = variable(VARIABLE) || 'known';
  if (!Object.hasOwn(choices, choice)) {
    throw nativeCallbacksUnknown(VARIABLE, choice, Object.keys(choices));
  }
  return choices[choice]();
}

module.exports = { chosenNativeCallbacks };
