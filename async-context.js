'use strict';

// `async-hooks-rs/async-context`: TC39's AsyncContext.

const { AsyncContext, Variable, Snapshot } = require('./lib/async-context.js');

module.exports.AsyncContext = AsyncContext;
module.exports.Variable = Variable;
module.exports.Snapshot = Snapshot;
