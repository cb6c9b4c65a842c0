'use strict';

// `node load.js <contender>` prints the milliseconds of require(), by the clock and of processor
// time (of all threads of the process, but nothing of what else the machine does). It loads nothing
// itself: what it loads, the package need not.

const ours = process.env.BENCHMARK_PACKAGE ?? `${__dirname}/..`;
const request = { none: './empty.js', ours }[process.argv[2]];

const cpuBegin = process.cpuUsage();
const begin = process.hrtime.bigint();
require(request);
const end = process.hrtime.bigint();
const { user, system } = process.cpuUsage(cpuBegin);

const time = Number(end - begin) / 1e6;
console.log(JSON.stringify({ time, cpu: (user + system) / 1e3 }));
