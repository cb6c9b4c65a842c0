'use strict';

// The apps, and the contenders of each.

const path = require('node:path');
const { PACKAGE } = require('../contender.js');

const SERVER = path.join(__dirname, 'server.js');
const REGISTER = path.join(PACKAGE, 'register.js');

// The app is the same for all; they differ in what is preloaded.
const PRELOADED = {
  none: path.join(__dirname, 'untracked.js'),
  builtin: undefined,
  register: REGISTER,
};

const TITLES = { express: 'Express', fastify: 'Fastify' };

const frameworks = Object.keys(TITLES);

function serving(framework, storages) {
  return {
    name: `${framework}-${storages}`,
    title: `${TITLES[framework]}, ${storages} storages`,
    contenders: Object.keys(PRELOADED),
    quotients: [
      ['builtin', 'register'],
      ['register', 'none'],
      ['builtin', 'none'],
    ],
    units: { time: 'us/request', p99: 'ms', cpu: 'us/request', rss: 'MB' },
    program(contender) {
      const preloaded = PRELOADED[contender];
      return {
        script: SERVER,
        args: [framework, `${storages}`],
        execArgv: preloaded === undefined ? [] : ['--require', preloaded],
        env: { ...process.env, NODE_ENV: 'production' },
      };
    },
    // Without tracking, a read sees the store that was entered last, of whichever request.
    tracked: (contender) => contender !== 'none',
  };
}

/** The apps of some frameworks, each with each number of storages. */
function cases(chosen, storages) {
  return chosen.flatMap((framework) => storages.map((count) => serving(framework, count)));
}

module.exports = { REGISTER, frameworks, cases };
