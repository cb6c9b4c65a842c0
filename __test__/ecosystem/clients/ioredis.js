'use strict';

// ioredis: one connection for all requests. What is awaited is in the scope of the request, and so
// are callbacks, which ioredis calls from promises; events come in the scope of the connection.

const { AsyncResource } = require('node:async_hooks');
const { once } = require('node:events');
const Redis = require('ioredis');
const { barrier, inRequest, print, see, wave, waves } = require('../helpers/requests.js');

const { REDIS_PORT, REDIS_DB } = process.env;
const all = barrier();
const connect = (options) =>
  new Redis({ host: '127.0.0.1', port: Number(REDIS_PORT), db: Number(REDIS_DB), ...options });

async function commands(redis, name) {
  await waves('commands', async (id) => {
    await all();
    await redis.set(id, id);
    see(`${name}: await set()`, id);
    see(`${name}: await get()`, await redis.get(id));
    await redis.get(id).then((value) => see(`${name}: then() of get()`, value));
    await new Promise((resolve) => {
      redis.get(id, (error, value) => {
        see(`${name}: callback of get()`, value);
        resolve();
      });
    });
    await redis.incr(id).catch(() => see(`${name}: catch() of incr()`, id));
    await new Promise((resolve) => {
      redis.incr(id, () => {
        see(`${name}: callback of incr() that fails`, id);
        resolve();
      });
    });
  });
}

async function batches(redis) {
  await waves('batches', async (id) => {
    await all();
    const pipeline = redis
      .pipeline()
      .set(id, id)
      .get(id, (error, value) => {
        see('callback of a command in a pipeline', value);
      });
    const [, [, value]] = await pipeline.exec();
    see('await pipeline().exec()', value);
    await new Promise((resolve) => {
      redis
        .pipeline()
        .get(id)
        .exec((error, [[, found]]) => {
          see('callback of pipeline().exec()', found);
          resolve();
        });
    });
    const results = await redis.multi().get(id).incr(id).exec();
    see('await multi().exec()', results[0][1]);
    await redis.pipeline().multi().get(id).exec().exec();
    see('await of multi() in a pipeline', id);
  });
}

async function scripts(redis) {
  redis.defineCommand('echoed', { numberOfKeys: 1, lua: 'return {KEYS[1], ARGV[1]}' });
  await waves('scripts', async (id) => {
    await all();
    const [key] = await redis.echoed(id, 'argument');
    see('await of a script', key);
    await redis
      .eval('return redis.error_reply(ARGV[1])', 0, id)
      .catch(() => see('catch() of eval()', id));
    await redis.sadd(`${id}:set`, 1, 2, 3);
    const scan = redis.sscanStream(`${id}:set`);
    scan.on('data', () => see("'data' of sscanStream()", id));
    await once(scan, 'end');
    for await (const members of redis.sscanStream(`${id}:set`)) {
      see('for await of sscanStream()', members && id);
    }
  });
}

// A connection for each request that blocks, and one which another request answers.
async function blocking(redis) {
  await wave('blocking', async (id) => {
    const own = connect();
    own.on('ready', () => see("'ready' of a connection of the request", id));
    own.on('close', () => see("'close' of a connection of the request", id));
    const popped = own.blpop(id, 0);
    await all();
    await redis.rpush(id, id);
    const [, value] = await popped;
    see('await blpop()', value);
    await own.quit();
    see('await quit()', id);
  });
}

async function publishing(redis) {
  const subscriber = await inRequest('subscriber', async () => connect());
  subscriber.setMaxListeners(Infinity);
  await waves('publish', async (id) => {
    const channel = `${REDIS_DB}.${id}`;
    await subscriber.subscribe(channel);
    see('await subscribe()', id);
    let heard;
    const received = new Promise((resolve) => {
      heard = resolve;
    });
    const listen = (point) => (from, message) => {
      if (message === id) see(point, message);
    };
    subscriber.on('message', listen("'message', added by a request"));
    subscriber.on('message', AsyncResource.bind(listen("'message', bound")));
    subscriber.on('message', (from, message) => message === id && heard());
    await all();
    await redis.publish(channel, id);
    see('await publish()', id);
    await received;
    see("await of a 'message'", id);
  });
  await subscriber.quit();
}

// Commands that wait until the connection is there, and commands whose connection ends.
async function offline() {
  const late = connect({ lazyConnect: true });
  await wave('offline', async (id) => {
    await all();
    await late.set(id, id);
    see('await of a command that waited for the connection', id);
  });
  late.disconnect();
  await once(late, 'end');
  await wave('ended', (id) => late.get(id).catch(() => see('catch() after disconnect()', id)));
  const cut = connect({ retryStrategy: null, maxRetriesPerRequest: 0 });
  cut.on('error', () => {});
  await once(cut, 'ready');
  await wave('cut', async (id) => {
    const popped = cut.blpop(id, 0).catch(() => see('catch() of a command that was cut off', id));
    await all();
    if (id === 'cut.0') cut.disconnect();
    await popped;
  });
}

async function main() {
  const redis = connect();
  await commands(redis, 'one connection');
  await batches(redis);
  await scripts(redis);
  await blocking(redis);
  await publishing(redis);
  await redis.quit();
  const automatic = connect({ enableAutoPipelining: true });
  await commands(automatic, 'automatic pipelines');
  await automatic.quit();
  await offline();
  print();
}

main();
