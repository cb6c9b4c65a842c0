'use strict';

// The servers that the programs need.

const { startPostgresql } = require('./postgresql.js');
const { startRedis } = require('./redis.js');

const starters = { postgresql: startPostgresql, redis: startRedis };

/**
 * Starts those that the programs name, and adds them to `services`: also the first ones if a later
 * one cannot be started.
 *
 * @param {{ services: string[] }[]} clients
 * @param {Map<string, any>} services
 * @param {AbortSignal} signal
 */
async function startServices(clients, services, signal) {
  for (const name of new Set(clients.flatMap((client) => client.services))) {
    signal.throwIfAborted();
    services.set(name, await starters[name](signal));
    console.log(`started ${name}, port ${services.get(name).port}`);
  }
}

/** @param {Map<string, any>} services */
async function stopServices(services) {
  for (const service of services.values()) await service.stop();
}

module.exports = { startServices, stopServices };
