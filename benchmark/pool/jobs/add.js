'use strict';

// The task of Node's documentation.

module.exports = ({ a, b }) => a + b;
