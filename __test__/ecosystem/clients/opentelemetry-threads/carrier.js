'use strict';

// `async-hooks-rs/opentelemetry`, which finds `@opentelemetry/api` where a program has installed
// it: here it is not beside. Threads that are started later inherit the variable.

const Module = require('node:module');
const path = require('node:path');

process.env.NODE_PATH = path.resolve(__dirname, '..', '..', 'node_modules');
Module._initPaths();

module.exports = require('../../../../opentelemetry.js');
