'use strict';

// Starts the Express app of ../service, and prints what that took, as JSON.

const { framework, logger, tenant, tracer } = require('../service/libraries.js');
const listen = require('../service/apps/express.js');

listen('127.0.0.1', [framework, logger, tracer, tenant]).then(() => {
  const { user, system } = process.cpuUsage();
  const cpu = (user + system) / 1e3;
  const rss = process.memoryUsage.rss() / 2 ** 20;
  console.log(JSON.stringify({ cpu, time: performance.now(), rss }));
  process.exit();
});
