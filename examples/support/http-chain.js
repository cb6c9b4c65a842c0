'use strict';

// The HTTP logger of the documentation with the "chain of async operations" that it asks the reader
// to imagine: callbacks, ticks, timers, promises, a thread pool, a stream and a connection that all
// requests share.

const http = require('node:http');
const { readFile } = require('node:fs');
const { Readable, Transform } = require('node:stream');
const { pipeline } = require('node:stream/promises');
const { promisify } = require('node:util');
const { gzip } = require('node:zlib');
const { AsyncLocalStorage, AsyncResource } = require('async-hooks-rs');

const compress = promisify(gzip);

/** What each request logs, in this order. */
const STEPS = [
  'start',
  'file read',
  'next tick',
  'timer',
  'file compressed',
  'piped through a stream',
  'answered by the shared connection',
  'finish',
];

// Answers from a timer that was started before the first request.
class SharedConnection {
  #waiting = [];
  #timer = setInterval(() => this.#waiting.shift()?.(), 5);

  query(callback) {
    this.#waiting.push(AsyncResource.bind(callback));
  }

  close() {
    clearInterval(this.#timer);
  }
}

/**
 * Serves `count` requests at the same time.
 *
 * @param {number} count
 * @param {(line: string) => void} print  called with each logged line
 * @returns {Promise<string | undefined>}  what went wrong
 */
async function serve(count, print) {
  const asyncLocalStorage = new AsyncLocalStorage();
  const connection = new SharedConnection();
  const logged = [];

  function logWithId(msg) {
    const id = asyncLocalStorage.getStore();
    const line = `${id !== undefined ? id : '-'}: ${msg}`;
    logged.push(line);
    print(line);
  }

  function handle(res) {
    logWithId('start');
    readFile(__filename, (err, contents) => {
      logWithId('file read');
      process.nextTick(() => {
        logWithId('next tick');
        setTimeout(async () => {
          logWithId('timer');
          const compressed = await compress(contents);
          logWithId('file compressed');
          await pipeline(
            Readable.from([compressed]),
            new Transform({
              transform(chunk, encoding, done) {
                logWithId('piped through a stream');
                done();
              },
            }),
          );
          connection.query(() => {
            logWithId('answered by the shared connection');
            setImmediate(() => {
              logWithId('finish');
              res.end(String(asyncLocalStorage.getStore()));
            });
          });
        }, 10);
      });
    });
  }

  let idSeq = 0;
  const server = http.createServer((req, res) => {
    asyncLocalStorage.run(idSeq++, handle, res);
  });
  await new Promise((resolve) => server.listen(0, resolve));
  const { port } = server.address();
  const answers = await Promise.all(Array.from({ length: count }, () => request(port)));
  connection.close();
  server.close();
  return problem(logged, answers);
}

async function request(port) {
  const [response] = await new Promise((resolve, reject) => {
    http.get({ port, agent: false }, (...args) => resolve(args)).on('error', reject);
  });
  let body = '';
  for await (const chunk of response) body += chunk;
  return body;
}

function problem(logged, answers) {
  for (const [id, answer] of answers.sort().entries()) {
    if (answer !== String(id)) return `a request was answered with the id ${answer}, not ${id}`;
    const lines = logged.filter((line) => line.startsWith(`${id}: `));
    const expected = STEPS.map((step) => `${id}: ${step}`);
    if (lines.join('\n') !== expected.join('\n')) {
      return `request ${id} should have logged\n${expected.join('\n')}`;
    }
  }
  const count = answers.length * STEPS.length;
  return logged.length === count ? undefined : `${logged.length} lines instead of ${count}`;
}

module.exports = { STEPS, serve };
