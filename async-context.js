'use strict';

// `async-hooks-rs/async-context`: TC39's AsyncContext.

const { AsyncContext, Variable, Snapshot } = require('./dist/index')('async-context');

module.exports.AsyncContext = AsyncContext;
module.exports.Variable = Variable;
module.exports.Snapshot = Snapshot;
