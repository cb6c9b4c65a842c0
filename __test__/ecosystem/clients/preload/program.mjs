// What the agent watches: a server in express, and the classes as every way of loading shows them.

import http from 'node:http';
import { createRequire } from 'node:module';
import { setTimeout as delay } from 'node:timers/promises';
import * as bare from 'async_hooks';
import * as namespace from 'node:async_hooks';
import asyncHooks, { AsyncLocalStorage, AsyncResource } from 'node:async_hooks';
import express from 'express';
import { Barrier, REQUEST_ID, close, drive, listen } from '../../helpers/load.js';
import { Observations } from '../../helpers/observations.js';
import { classSource } from './class-source.js';
import library from './library.js';

const require = createRequire(import.meta.url);
const WAYS = {
  "import * as ... from 'async_hooks'": bare,
  "import * as ... from 'node:async_hooks'": namespace,
  'its default': asyncHooks,
  'import()': await import('node:async_hooks'),
  "require('async_hooks')": require('async_hooks'),
  "require('node:async_hooks')": require('node:async_hooks'),
  'process.getBuiltinModule()': process.getBuiltinModule('node:async_hooks'),
  'a library in CommonJS': library,
};
for (const [name, way] of Object.entries(WAYS)) {
  const same = way.AsyncLocalStorage === AsyncLocalStorage && way.AsyncResource === AsyncResource;
  console.log(`${name}: ${same ? 'the classes' : 'not the classes'} that import gives`);
}
console.log(`class: ${classSource(AsyncLocalStorage)}`);

const agent = process[Symbol.for('agent')];
const storage = new AsyncLocalStorage();
const observations = new Observations({
  agent: () => agent.path?.slice(1),
  program: () => storage.getStore(),
  library: () => library.storage.getStore(),
});
const barrier = new Barrier();

const app = express();
app.use((req, res, next) => storage.run(req.headers[REQUEST_ID], next));
app.use((req, res, next) => library.storage.run(req.headers[REQUEST_ID], next));
app.get('/:id', async (req, res) => {
  const see = (point) => observations.see(point, req.params.id);
  see('handler');
  res.on(
    'finish',
    AsyncResource.bind(() => see("res.on('finish'), bound")),
  );
  await barrier.arrive();
  see('after await of what another request resolves');
  await delay(1);
  see('after await of a timer');
  setImmediate(() => {
    see('setImmediate()');
    res.send(`${storage.getStore()}`);
  });
});

const server = http.createServer(app);
const port = await listen(server);
const responses = await drive(port, (id) => ({ path: `/${id}` }));
await close(server);
const own = responses.filter(({ id, text }) => id === text).length;
console.log(`responses with the client's id: ${own} of ${responses.length}`);
observations.print();
console.log(`modules that the agent was shown: ${agent.modules.join(', ')}`);
