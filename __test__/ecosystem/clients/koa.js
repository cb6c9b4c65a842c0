'use strict';

// koa: its own storage (app.currentContext), given as `true` and as an instance, middleware on the
// way in and out, the application's events, bodies that are streams, requests that are aborted.

const { AsyncLocalStorage, AsyncResource } = require('node:async_hooks');
const { EventEmitterAsyncResource } = require('node:events');
const http = require('node:http');
const { PassThrough, Readable } = require('node:stream');
const { setTimeout: delay } = require('node:timers/promises');
const Koa = require('koa');
const {
  Barrier,
  CONNECTIONS,
  REQUEST_ID,
  Signals,
  abandon,
  close,
  countdown,
  drive,
  listen,
  withResolvers,
} = require('../helpers/load.js');
const { Observations } = require('../helpers/observations.js');

const reached = new Signals();

class Program {
  #logger = new AsyncLocalStorage();
  #aborted = new EventEmitterAsyncResource({ name: 'aborted' });
  #barrier = new Barrier();
  #app;
  #observations;

  constructor(asyncLocalStorage) {
    this.#app = new Koa({ asyncLocalStorage });
    this.#observations = new Observations({
      koa: () => this.#app.currentContext?.get(REQUEST_ID),
      logger: () => this.#logger.getStore(),
    });
    this.#app.on('error', (err, ctx) => this.#see("app.on('error')", ctx));
    this.#app.use((ctx, next) => this.#logger.run(ctx.get(REQUEST_ID), next));
    this.#app.use((ctx, next) => this.#around(ctx, next));
    this.#app.use((ctx) => this[ctx.path.slice(1)](ctx));
  }

  #see(point, ctx) {
    this.#observations.see(point, ctx.get(REQUEST_ID));
  }

  async #around(ctx, next) {
    this.#see('middleware, on the way in', ctx);
    ctx.res.on('finish', () => this.#see("ctx.res.on('finish')", ctx));
    ctx.res.on(
      'finish',
      AsyncResource.bind(() => this.#see("ctx.res.on('finish'), bound", ctx)),
    );
    try {
      await next();
      this.#see('middleware, on the way out', ctx);
    } catch (err) {
      this.#see('middleware, catch of an error', ctx);
      throw err;
    }
  }

  async awaiting(ctx) {
    await this.#barrier.arrive();
    this.#see('after await of what another request resolves', ctx);
    await delay(1);
    this.#see('after await of a timer', ctx);
    ctx.body = { seen: this.#app.currentContext.get(REQUEST_ID), logged: this.#logger.getStore() };
  }

  async body(ctx) {
    reached.send(ctx.get(REQUEST_ID));
    let size = 0;
    for await (const chunk of ctx.req) size += chunk.length;
    this.#see('after a body that was iterated', ctx);
    ctx.body = { size };
  }

  async events(ctx) {
    const { promise, resolve } = withResolvers();
    ctx.req.once('data', () => this.#see("ctx.req.on('data')", ctx)).resume();
    ctx.req.on('end', () => this.#see("ctx.req.on('end')", ctx));
    ctx.req.on(
      'end',
      AsyncResource.bind(() => this.#see("ctx.req.on('end'), bound", ctx)),
    );
    ctx.req.on('end', resolve);
    reached.send(ctx.get(REQUEST_ID));
    await promise;
    this.#see("after await of 'end'", ctx);
    ctx.body = '';
  }

  async stream(ctx) {
    const source = Readable.from(
      async function* () {
        await this.#barrier.arrive();
        this.#see('generator of a streamed body', ctx);
        yield ctx.get(REQUEST_ID);
      }.call(this),
    );
    source.on('end', () => this.#see("'end' of a streamed body", ctx));
    ctx.type = 'text';
    ctx.body = source;
  }

  async broken(ctx) {
    const source = new PassThrough();
    ctx.body = source;
    setImmediate(() => source.destroy(new Error('broken')));
  }

  async failing(ctx) {
    await delay(1);
    ctx.throw(418, ctx.get(REQUEST_ID));
  }

  // The application gets an error when the connection is gone.
  async abort(ctx) {
    const { promise, resolve } = withResolvers();
    ctx.respond = false;
    ctx.res.on('close', () => this.#see("aborted, ctx.res.on('close')", ctx));
    ctx.res.on('close', resolve);
    ctx.res.write('some');
    await promise;
    this.#see("aborted, after await of 'close'", ctx);
    this.#aborted.emit('seen');
  }

  async run() {
    this.#app.silent = true; // errors are seen, but not printed with their stacks
    const server = http.createServer(this.#app.callback());
    const port = await listen(server);
    const responses = await drive(port, () => ({ path: '/awaiting' }));
    const right = responses.filter(({ id, text }) => {
      const { seen, logged } = JSON.parse(text);
      return seen === id && logged === id;
    });
    console.log(`responses with the client's id: ${right.length} of ${responses.length}`);
    const streamed = await drive(port, () => ({ path: '/stream' }));
    const same = streamed.filter(({ id, text }) => id === text);
    console.log(`streamed responses with the client's id: ${same.length} of ${streamed.length}`);
    for (const path of ['/body', '/events']) {
      const body = (id) => [reached.wait(id).then(() => 'some bytes')];
      await drive(port, (id) => ({ method: 'POST', path, body: body(id) }));
    }
    const failed = await drive(port, () => ({ path: '/failing' }));
    const teapots = failed.filter(({ id, status, text }) => status === 418 && text === id);
    console.log(`failed with the client's id: ${teapots.length} of ${failed.length}`);
    await abandon(port, '/broken');
    const all = countdown(this.#aborted, 'seen', CONNECTIONS);
    await abandon(port, '/abort');
    await all;
    await close(server);
    this.#observations.print();
  }
}

async function main() {
  console.log('-- asyncLocalStorage: true');
  await new Program(true).run();
  const own = new AsyncLocalStorage();
  console.log('-- asyncLocalStorage: an instance');
  await new Program(own).run();
  console.log(`the instance, at the end: ${own.getStore()}`);
}

main();
