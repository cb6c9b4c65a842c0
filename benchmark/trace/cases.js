'use strict';

// What is traced, and in which ways: the Express app of ../service, per request and for its start.

const path = require('node:path');
const { PACKAGE } = require('../contender.js');

const SERVER = path.join(__dirname, '..', 'service', 'server.js');
const START = path.join(__dirname, 'start.js');
const TRACE = path.join(PACKAGE, 'trace.js');
const STORAGES = '5';

// The options of the finder; without any, it is not there.
const CONTENDERS = {
  off: undefined,
  traced: {},
  possible: { possible: true },
  deep: { possible: true, deep: true },
};

const names = Object.keys(CONTENDERS);
const common = { contenders: names, quotients: names.slice(1).map((name) => [name, 'off']) };

const preload = (contender) => (CONTENDERS[contender] === undefined ? [] : ['--require', TRACE]);

const environment = (contender) => ({
  ...process.env,
  NODE_ENV: 'production',
  ...(CONTENDERS[contender] === undefined
    ? {}
    : { ASYNC_HOOKS_RS_TRACE: JSON.stringify({ quiet: true, ...CONTENDERS[contender] }) }),
});

const cases = [
  {
    ...common,
    name: 'express',
    title: 'a request of the Express app of benchmark/service',
    units: { time: 'us/request', p99: 'ms', cpu: 'us/request', rss: 'MB' },
    kind: 'serve',
    turn: 1000, // ms: the deep tier answers a tenth as often
    program: (contender) => ({
      script: SERVER,
      args: ['express', STORAGES],
      execArgv: preload(contender),
      env: environment(contender),
    }),
    tracked: () => true,
    classOf: () => 'builtin',
  },
  {
    ...common,
    name: 'start',
    title: 'the start of that app, until it listens',
    units: { cpu: 'ms', time: 'ms', rss: 'MB' },
    kind: 'start',
    command: (contender) => ({ args: [...preload(contender), START], env: environment(contender) }),
  },
];

module.exports = { cases, names };
