'use strict';

// A redis-server of our own that keeps what it has confirmed, also if it is killed.

const { spawn } = require('node:child_process');
const { once } = require('node:events');
const fs = require('node:fs');
const { findProgram } = require('../../../scripts/programs.js');
const { freePort, makeFolder } = require('../../ecosystem/services/service.js');

const HOST = '127.0.0.1';
const READY = /Ready to accept connections/;

const findRedis = () => findProgram('redis-server', 'redis-server');

class Redis {
  #folder = makeFolder('redis', {});
  #settings;
  #child;
  #port;

  static async start(settings = {}) {
    const redis = new Redis();
    redis.#settings = settings;
    redis.#port = await freePort();
    await redis.#run();
    return redis;
  }

  /**
   * What starts one in a test. It is stopped after all tests of the file, when their pools are
   * closed: to be called outside of them.
   */
  static starter(after) {
    const started = [];
    after(() => Promise.all(started.map((redis) => redis.stop())));
    return async () => {
      const redis = await Redis.start();
      started.push(redis);
      return redis;
    };
  }

  get url() {
    return `redis://${HOST}:${this.#port}`;
  }

  get connection() {
    return { host: HOST, port: this.#port };
  }

  get pid() {
    return this.#child.pid;
  }

  async #run() {
    const settings = {
      bind: HOST,
      port: this.#port,
      dir: this.#folder,
      save: '',
      appendonly: 'yes',
      appendfsync: 'always',
      ...this.#settings,
    };
    const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);
    const child = spawn(findRedis(), args, { stdio: ['ignore', 'pipe', 'inherit'] });
    this.#child = child;
    let output = '';
    await new Promise((resolve, reject) => {
      child.stdout.setEncoding('utf8').on('data', (text) => {
        output += text;
        if (READY.test(output)) resolve();
      });
      child.once('error', reject);
      child.once('exit', (code, signal) => reject(new Error(`${signal ?? code}\n${output}`)));
    });
  }

  /** It is gone at once, without a word to those that are connected. */
  async kill() {
    const gone = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await gone;
  }

  /** Starts it again, with what it had. */
  again() {
    return this.#run();
  }

  async stop() {
    await this.kill();
    fs.rmSync(this.#folder, { recursive: true, force: true });
  }
}

module.exports = { Redis, findRedis };
