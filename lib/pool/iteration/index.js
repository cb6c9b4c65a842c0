'use strict';

// What only pools need that are iterated.

const { iterable, mapOptions, streamOptions } = require('./options.js');
const { Mapping } = require('./map.js');
const { Stream } = require('./stream.js');

module.exports = { Mapping, Stream, iterable, mapOptions, streamOptions };
