'use strict';

// A short name for the code of a class: two processes that have the same class give the same.

const { createHash } = require('node:crypto');

module.exports.classSource = (Class) => createHash('sha256').update(`${Class}`).digest('hex');
