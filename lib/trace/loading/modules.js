'use strict';

// ES modules: hooks in the thread where Node has them (22.15 and later), else in its thread for
// hooks.

const Module = require('node:module'); // not the class alone: loading this is what completes it
const path = require('node:path');
const { pathToFileURL } = require('node:url');
const { MessageChannel, receiveMessageOnPort } = require('node:worker_threads');
const { loaded } = require('./load-hook.js');

const HOOKS_THREAD = path.join(__dirname, 'hooks-thread.js');

const { register, registerHooks } = /** @type {any} */ (Module);

/** Whether the hooks run in the thread itself. */
const inThread = typeof registerHooks === 'function';

/**
 * Returns what brings in which mends have been put in elsewhere.
 *
 * @param {import('./transformer.js').Transformer} transformer
 * @param {import('../options.js').Options} options
 * @param {import('../mends.js').Mends} mends
 */
function transformModules(transformer, options, mends) {
  if (inThread) {
    registerHooks({
      /**
       * @param {string} url
       * @param {object} context
       * @param {Function} nextLoad
       */
      load: (url, context, nextLoad) => loaded(nextLoad(url, context), url, transformer),
    });
    return () => {};
  }
  const { port1, port2 } = new MessageChannel();
  port1.unref();
  const data = { options, port: port2 };
  register(pathToFileURL(HOOKS_THREAD), { data, transferList: [port2] });
  return () => {
    let received;
    while ((received = receiveMessageOnPort(port1)) !== undefined) mends.putLike(received.message);
  };
}

module.exports = { inThread, transformModules };
