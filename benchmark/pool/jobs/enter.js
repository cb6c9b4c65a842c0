'use strict';

// The task of Node's documentation, run in a store that came with it: what a program does without
// the option `contexts`.

const { PACKAGE } = require('../../contender.js');
const { AsyncLocalStorage } = require(PACKAGE);

const storage = new AsyncLocalStorage();

module.exports = ({ store, task: { a, b } }) => storage.run(store, () => a + b);
