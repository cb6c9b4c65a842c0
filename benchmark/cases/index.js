'use strict';

// All cases, in the order they run.
//
// A case is { name, title, kind, contenders, quotients, units, rounds } and, by its kind,
// - loop: `prepare(api)` returns what is measured, a function that does `n` iterations and returns
//   a number or a promise of one. It is called in a timer's callback, `n` a multiple of `step`;
// - script: `command(contender)`, the arguments of a process that prints its metrics;
// - server: `handler(api)`, a request listener, and `slices`, the turns per round.

module.exports.cases = [
  ...require('./get-store.js'),
  ...require('./enter.js'),
  ...require('./capture.js'),
  ...require('./async-resource.js'),
  ...require('./callbacks.js'),
  ...require('./await.js'),
  ...require('./heap.js'),
  ...require('./load.js'),
  ...require('./http.js'),
  ...require('./native-callbacks.js'),
];
