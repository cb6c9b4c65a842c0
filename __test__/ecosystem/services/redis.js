'use strict';

// A Redis server of our own, with an empty database for each run of a program.

const { findProgram } = require('../../../scripts/programs.js');
const { freePort, makeFolder, startServer } = require('./service.js');

const DATABASES = 1024;

/**
 * Starts the server. Gives `port`, `stop()`, and `environment()`, which gives the variables that
 * lead to a database nobody else uses. Channels are shared by all databases: REDIS_DB belongs into
 * their names.
 */
async function startRedis(signal) {
  const redis = findProgram('redis-server', 'redis-server');
  const folder = makeFolder('redis', {});
  const port = await freePort();
  const settings = { bind: '127.0.0.1', port, databases: DATABASES, save: '', appendonly: 'no' };
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const stop = await startServer(redis, args, {
    ready: /Ready to accept connections/,
    folder,
    signal,
  });
  let used = 0;
  return {
    port,
    environment: () => {
      used += 1;
      return { REDIS_PORT: String(port), REDIS_DB: String(used) };
    },
    stop,
  };
}

module.exports = { startRedis };
