'use strict';

// Streams: their methods run in the scope of the code that moves the data, which inside one scope
// is that scope.

const assert = require('node:assert/strict');
const readline = require('node:readline');
const { Duplex, PassThrough, Readable, Transform, Writable, pipeline, finished } =
  require('node:stream');
const promises = require('node:stream/promises');
const { TransformStream, ReadableStream } = require('node:stream/web');
const { suite } = require('../helpers/suite.js');
const { storage, seen, carries } = require('../helpers/carries.js');

const test = suite(__filename);

carries(
  test,
  'pipeline, its streams and its callback',
  (report) =>
    new Promise((resolve) => {
      pipeline(
        Readable.from(['a', 'b']),
        new Transform({
          transform(chunk, encoding, callback) {
            report();
            callback(null, chunk);
          },
        }),
        new Writable({
          write(chunk, encoding, callback) {
            report();
            setTimeout(callback, 1);
          },
        }),
        (error) => resolve(report(error)),
      );
    }),
  { times: 5 },
);

carries(
  test,
  'pipeline of stream/promises with generators',
  async (report) => {
    await promises.pipeline(
      async function* () {
        report();
        yield 'a';
        await null;
        report();
        yield 'b';
      },
      async function* (source) {
        for await (const chunk of source) {
          report();
          yield chunk;
        }
      },
      async (source) => {
        for await (const chunk of source) {
          assert.ok(chunk);
          report();
        }
      },
    );
    report();
  },
  { times: 7 },
);

carries(
  test,
  'finished',
  async (report) => {
    const stream = new PassThrough();
    finished(stream, report);
    const waiting = promises.finished(stream);
    stream.resume().end('data');
    await waiting;
    report();
  },
  { times: 2 },
);

carries(test, 'finished of stream/promises, when the stream ends elsewhere', async (report) => {
  const stream = new PassThrough();
  const waiting = promises.finished(stream);
  storage.run('ender', () => setImmediate(() => stream.resume().end()));
  await waiting;
  report();
});

carries(
  test,
  'reading a stream with for await',
  async (report) => {
    const stream = new PassThrough();
    storage.run('writer', () =>
      setImmediate(() => {
        stream.write('a');
        setImmediate(() => stream.end('b'));
      }),
    );
    for await (const chunk of stream) {
      assert.ok(chunk);
      report();
    }
    report();
  },
  { times: 3 },
);

carries(
  test,
  'the callback of write() and the drain',
  async (report) => {
    const stream = new Writable({
      highWaterMark: 1,
      write(chunk, encoding, callback) {
        setImmediate(callback);
      },
    });
    const drained = new Promise((resolve) => stream.on('drain', () => resolve(report())));
    stream.write('data', (error) => report(error));
    await drained;
    await new Promise((resolve) => stream.end(resolve));
    report();
  },
  { times: 3 },
);

carries(
  test,
  'readline',
  async (report) => {
    const lines = readline.createInterface({ input: Readable.from(['one\ntwo\n']) });
    for await (const line of lines) {
      assert.ok(line);
      report();
    }
    report();
  },
  { times: 3 },
);

carries(
  test,
  'web streams',
  async (report) => {
    const source = new ReadableStream({
      start(controller) {
        report();
        controller.enqueue('a');
      },
      async pull(controller) {
        await null;
        controller.close();
      },
    });
    for await (const chunk of source.pipeThrough(new TransformStream())) {
      assert.equal(chunk, 'a');
      report();
    }
    report();
  },
  { times: 3 },
);

carries(
  test,
  'Duplex.from an async generator',
  async (report) => {
    const stream = Duplex.from(async function* (source) {
      for await (const chunk of source) {
        report();
        yield `${chunk}`;
      }
    });
    stream.end('data');
    for await (const chunk of stream) assert.equal(`${chunk}`, 'data');
    report();
  },
  { times: 2 },
);

test('an event listener of a stream runs in the scope that moved the data', async () => {
  const stream = new PassThrough();
  const found = new Promise((resolve) => {
    storage.run('listener', () => stream.on('data', () => resolve(seen())));
  });
  // Flowing begins in the next tick of on('data').
  await new Promise((resolve) => setImmediate(resolve));
  storage.run('writer', () => stream.write('data'));
  assert.equal(await found, 'writer');
  stream.destroy();
});
