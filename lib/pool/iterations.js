'use strict';

// What only pools need that are iterated.

const { iterable, mapOptions } = require('./iteration-options.js');
const { Mapping } = require('./map.js');

module.exports = { Mapping, iterable, mapOptions };
