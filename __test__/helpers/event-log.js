'use strict';

// Records the events that an observer of async_hooks sees for the resources of a program.

const { createHook } = require('node:async_hooks');

// The resources of the programs; all others in the process are ignored.
const TYPES = /^(?:[A-Z]|bound-anonymous-fn)$/;

/**
 * The events of `program(note)`, a string each, in order: `init TYPE id trigger`, `before id`,
 * `after id`, `destroy id`, and the arguments of `note`. Ids count from 1 in the order of their
 * init; any other trigger is `outside`. Returns after the destroy events.
 */
async function eventsOf(program) {
  const events = [];
  const ids = new Map();
  const alive = []; // a resource that is collected in between would have a destroy event
  const log = (name) => (asyncId) => {
    if (ids.has(asyncId)) events.push(`${name} ${ids.get(asyncId)}`);
  };
  const hook = createHook({
    init(asyncId, type, triggerAsyncId, resource) {
      if (!TYPES.test(type)) return;
      ids.set(asyncId, ids.size + 1);
      alive.push(resource);
      events.push(`init ${type} ${ids.get(asyncId)} ${ids.get(triggerAsyncId) ?? 'outside'}`);
    },
    before: log('before'),
    after: log('after'),
    destroy: log('destroy'),
  }).enable();
  try {
    await program((word) => events.push(word));
    await new Promise(setImmediate); // destroy events come before it
  } finally {
    hook.disable();
    alive.length = 0;
  }
  return events;
}

module.exports = { eventsOf };
