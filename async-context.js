'use strict';

// `async-hooks-rs/async-context`: TC39's AsyncContext.

const part = require('./dist/index')[Symbol.for('async-hooks-rs.part')];

const { AsyncContext, Variable, Snapshot } = part('async-context');

module.exports.AsyncContext = AsyncContext;
module.exports.Variable = Variable;
module.exports.Snapshot = Snapshot;
