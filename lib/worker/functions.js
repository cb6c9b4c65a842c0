'use strict';

// Has a worker take tasks, if its processor exports functions for them.

const { DEFAULT } = require('./exports.js');
const { FunctionProcessor } = require('./function-processor.js');
const { setUp } = require('./setup.js');

/**
 * @typedef {object} Settings
 * @property {string | undefined} name  of the export that takes tasks
 * @property {string} url  of the processor
 * @property {import('node:worker_threads').MessagePort} control
 * @property {{ number: number, value: unknown } | undefined} broadcast  the last one
 * @property {boolean} sparesAborted  an aborted task may end by itself
 */

/**
 * What begins to take tasks, after the processor's `setup`; `undefined` if there is no function for
 * them.
 *
 * @param {Settings} settings
 * @param {import('./exports.js').Exports} exported
 * @param {string} file
 * @param {readonly import('./lane.js').Tasks[]} runners  one for each lane
 */
function functionsOf({ name, url, control, broadcast, sparesAborted }, exported, file, runners) {
  const isThere = exported.get(name ?? DEFAULT) !== undefined;
  if (!isThere && (name !== undefined || !exported.hasFunctions)) return undefined;
  return () => {
    const setup = exported.get('setup');
    const processor = new FunctionProcessor({
      runners,
      exported,
      name: name ?? DEFAULT,
      file,
      url,
      teardown: exported.get('teardown'),
      control,
      broadcast,
      sparesAborted,
    });
    if (setup === undefined) return processor.begin();
    return setUp(setup, file).then(
      () => processor.begin(),
      (error) => processor.fail(error),
    );
  };
}

module.exports = { functionsOf };
