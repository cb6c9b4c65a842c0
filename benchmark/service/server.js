'use strict';

// The process of one contender: `server.js <framework>`. The parent asks through the IPC channel,
// each request gets one answer.

const libraries = require('./libraries.js');
const listen = require(`./apps/${process.argv[2]}.js`);

const HOST = '127.0.0.1';

const answers = {
  /** Where the app is. */
  async listen() {
    const { framework, logger, tracer, tenant } = libraries;
    const port = await listen(HOST, [framework, logger, tracer, tenant]);
    return `http://${HOST}:${port}/orders/1`;
  },

  /** Processor time of this process so far, in microseconds. */
  async cpu() {
    const { user, system } = process.cpuUsage();
    return user + system;
  },
};

process.on('message', (request) => {
  answers[request]().then(
    (value) => process.send({ value }),
    (error) => process.send({ error: error.stack }),
  );
});
process.on('disconnect', () => process.exit());
