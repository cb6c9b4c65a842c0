'use strict';

// The process of one contender: `server.js <framework> <storages>`. The parent asks through the IPC
// channel, each request gets one answer.

const { AsyncLocalStorage } = require('node:async_hooks');
const { contenderOf } = require('../contender.js');
const { framework, logger, tracer, tenant, further } = require('./libraries.js');

const [, , name, storages] = process.argv;
const listen = require(`./apps/${name}.js`);

const HOST = '127.0.0.1';

const answers = {
  /** The port of the app. */
  async listen() {
    const libraries = [framework, logger, tracer, tenant, ...further(storages)];
    const port = await listen(HOST, libraries);
    return `http://${HOST}:${port}/orders/1`;
  },

  /** The class of the libraries: 'none', 'builtin' or 'register'. */
  async contender() {
    return contenderOf(AsyncLocalStorage);
  },

  /** Processor time of this process so far, in microseconds. */
  async cpu() {
    const { user, system } = process.cpuUsage();
    return user + system;
  },

  /** Resident megabytes. */
  async rss() {
    return process.memoryUsage.rss() / 2 ** 20;
  },
};

process.on('message', (request) => {
  answers[request]().then(
    (value) => process.send({ value }),
    (error) => process.send({ error: error.stack }),
  );
});
process.on('disconnect', () => process.exit());
