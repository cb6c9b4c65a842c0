'use strict';

// `async-hooks-rs/trace`: finds where context gets lost. As a preload it traces the program.

const part = require('./dist/index')[Symbol.for('async-hooks-rs.part')];

const { ContextLossError, assertClean, check, on, own, preload, report, start } =
  part('trace/index');

module.exports.ContextLossError = ContextLossError;
module.exports.trace = { assertClean, check, on, own, report, start };

preload();
