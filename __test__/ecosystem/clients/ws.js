'use strict';

// ws: messages on connections that stay. The events of a client come in the scope in which it was
// made; on the server, in that in which the server listens, whatever scope the handler was in.

const { AsyncResource } = require('node:async_hooks');
const { once } = require('node:events');
const http = require('node:http');
const { WebSocket: UndiciWebSocket } = require('undici');
const { WebSocket, WebSocketServer, createWebSocketStream } = require('ws');
const { barrier, inRequest, print, see, wave, waves } = require('../helpers/requests.js');
const load = require('../helpers/load.js');

const all = barrier();
const idOf = (req) => new URL(req.url, 'http://localhost').searchParams.get('id');

// Answers each message with the same; sees on the server what the client's id says.
function serve(socket, id, name) {
  socket.on('message', (data) => {
    see(`${name}: 'message'`, id);
    socket.send(data, () => see(`${name}: callback of send()`, id));
  });
  socket.on(
    'message',
    AsyncResource.bind(() => see(`${name}: 'message', bound`, id)),
  );
  socket.on('ping', () => see(`${name}: 'ping'`, id));
  socket.on('close', () => see(`${name}: 'close'`, id));
  socket.on(
    'close',
    AsyncResource.bind(() => see(`${name}: 'close', bound`, id)),
  );
}

// The server of most programs: a scope per connection, entered in 'connection'.
function startByConnection(name, options) {
  const server = http.createServer();
  const sockets = new WebSocketServer({ server, ...options });
  sockets.on('connection', (socket, req) => {
    const id = idOf(req);
    see(`${name}: 'connection'`, id);
    inRequest(id, () => {
      see(`${name}: in the run() of 'connection'`, id);
      serve(socket, id, name);
    });
  });
  return server;
}

// The other: a scope per upgrade, entered before ws sees the request.
function startByUpgrade() {
  const server = http.createServer();
  const sockets = new WebSocketServer({ noServer: true });
  server.on('upgrade', (req, socket, head) => {
    const id = idOf(req);
    inRequest(id, () =>
      sockets.handleUpgrade(req, socket, head, (upgraded) => {
        see('upgrade: callback of handleUpgrade()', id);
        serve(upgraded, id, 'upgrade');
      }),
    );
  });
  return server;
}

async function withServer(server, use) {
  const port = await load.listen(server);
  await use((id) => `ws://127.0.0.1:${port}/?id=${id}`);
  await load.close(server);
}

async function talk(socket, name, id) {
  const observe = (point) => see(`${name}: ${point}`, id);
  socket.on('upgrade', () => observe("'upgrade'"));
  socket.on('open', () => observe("'open'"));
  await once(socket, 'open');
  observe("await of 'open'");
  socket.on('message', () => observe("'message'"));
  socket.on(
    'message',
    AsyncResource.bind(() => observe("'message', bound")),
  );
  socket.addEventListener('message', () => observe("addEventListener('message')"));
  socket.on('pong', () => observe("'pong'"));
  await all();
  const answered = once(socket, 'message');
  socket.send(id, () => observe('callback of send()'));
  await answered;
  observe("await of 'message'");
  const ponged = once(socket, 'pong');
  socket.ping(id);
  await ponged;
  socket.on('close', () => observe("'close'"));
  socket.close();
  await once(socket, 'close');
  observe("await of 'close'");
}

async function clients(url) {
  await waves('client', (id) => talk(new WebSocket(url(id)), 'client', id));
  // Made by one request, used by others.
  const shared = await inRequest('maker', async (id) => new WebSocket(url(id)));
  shared.setMaxListeners(Infinity);
  await once(shared, 'open');
  await wave('user', async (id) => {
    const listen = (point) => (data) => String(data) === id && see(`shared client: ${point}`, id);
    shared.on('message', listen("'message'"));
    shared.on('message', AsyncResource.bind(listen("'message', bound")));
    const answered = new Promise((resolve) => {
      shared.on('message', (data) => String(data) === id && resolve());
    });
    shared.send(id);
    await answered;
    see("shared client: await of 'message'", id);
  });
  shared.close();
  await once(shared, 'close');
}

async function streams(url) {
  await wave('stream', async (id) => {
    const duplex = createWebSocketStream(new WebSocket(url(id)));
    duplex.on('data', () => see("stream: 'data'", id));
    duplex.write('some');
    await once(duplex, 'data');
    duplex.end();
    await once(duplex, 'close');
    see("stream: await of 'close'", id);
  });
}

async function undici(url) {
  await wave('undici', async (id) => {
    const socket = new UndiciWebSocket(url(id));
    const event = (name) =>
      new Promise((resolve) => {
        socket.addEventListener(name, () => {
          see(`undici: '${name}'`, id);
          resolve();
        });
      });
    await event('open');
    see("undici: await of 'open'", id);
    socket.send('some');
    await event('message');
    socket.close();
    await event('close');
  });
}

async function refused(url) {
  await wave('refused', async (id) => {
    const socket = new WebSocket(url(id));
    await new Promise((resolve) => {
      socket.on('error', () => see("refused client: 'error'", id));
      socket.on('close', () => see("refused client: 'close'", id));
      socket.on('close', resolve);
    });
    see("refused client: await of 'close'", id);
  });
}

// ws deflates and inflates one message after the other, for all connections of the process.
async function compressed(url) {
  const options = { perMessageDeflate: { threshold: 0 } };
  await waves('compressed', async (id) => {
    const socket = new WebSocket(url(id), options);
    await once(socket, 'open');
    socket.on('message', () => see("compressed client: 'message'", id));
    socket.on(
      'message',
      AsyncResource.bind(() => see("compressed client: 'message', bound", id)),
    );
    await all();
    const answered = once(socket, 'message');
    socket.send('some', () => see('compressed client: callback of send()', id));
    await answered;
    see("compressed client: await of 'message'", id);
    socket.close();
    await once(socket, 'close');
  });
}

async function main() {
  const perMessageDeflate = { threshold: 0, concurrencyLimit: 1 };
  await withServer(startByConnection('compressed server', { perMessageDeflate }), compressed);
  await withServer(startByConnection('server'), async (url) => {
    await clients(url);
    await streams(url);
    await undici(url);
  });
  await withServer(startByUpgrade(), clients);
  await withServer(startByConnection('refusing server', { path: '/elsewhere' }), refused);
  // Chance decides which messages wait for others to be inflated or deflated.
  print(
    ['client', 'server'].flatMap((side) => [
      `compressed ${side}: 'message'`,
      `compressed ${side}: callback of send()`,
    ]),
  );
}

main();
