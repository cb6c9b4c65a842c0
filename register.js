'use strict';

// `node --import async-hooks-rs/register app.js`, or `--require`: our classes in place of those of
// node:async_hooks, in a program that does not know of this package.

const part = require('./dist/index')[Symbol.for('async-hooks-rs.part')];

const { register, unregister } = part('register/index');

register();

module.exports.register = register;
module.exports.unregister = unregister;
