'use strict';

// What a WorkerPool is made of, but for what it needs before its threads start.

const { callsOf } = require('./call.js');
const { Dispatcher } = require('./dispatcher.js');
const { NativeThreads } = require('./threads/native-threads.js');
const { requireAddon } = require('../package/required-addon.js');

/** Of pools that rank their tasks. */
const ranking = () => require('./ranking.js').RankingDispatcher;

module.exports = { Dispatcher, callsOf, NativeThreads, ranking, requireAddon };
