'use strict';

// Which engine the suite runs on, and what is documented to differ on it (docs/compatibility.md).

const { engine } = require('../../index.js');
const asyncHooks = require('node:async_hooks');

const { name } = engine();

// Node carries V8's slot itself: AsyncContextFrame is on.
const nodeCarriesFrames = !('enabled' in new asyncHooks.AsyncLocalStorage());

const differs = {
  // What enterWith() enters in a callback stays on the resource for its next callback.
  enterWithSticksToResource: name === 'builtin' && !nodeCarriesFrames,
  // Handlers of 'unhandledRejection' see the scope the promise was made in, not that of the reject.
  rejectionSeenFromCreation: name === 'hooks' || (name === 'builtin' && !nodeCarriesFrames),
  // A snapshot carries our stores only, not those of built-in storages.
  snapshotIsOursOnly: name === 'hooks' || name === 'slot-hooks',
};

module.exports = { name, nodeCarriesFrames, differs };
