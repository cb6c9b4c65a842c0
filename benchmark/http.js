'use strict';

// The server of a case, and the client that drives it: raw keep-alive sockets with several
// outstanding requests each. The client must cost less than any server, so it does not parse: all
// responses of a server have the same length, and it counts bytes.

const net = require('node:net');
const { once } = require('node:events');

const HOST = '127.0.0.1';
const CONNECTIONS = 8;
const REQUESTS_ON_THE_WAY = 8; // per connection
const REQUEST = `GET / HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`;

// Prepared text, by the number of requests that are written at once.
const BURSTS = Array.from({ length: REQUESTS_ON_THE_WAY + 1 }, (_, count) => REQUEST.repeat(count));

/** Starts a server with the handler; resolves to its port. */
async function listen(handler) {
  // Here, because the processes of the other cases must not load it.
  const server = require('node:http').createServer(handler);
  server.keepAliveTimeout = 60_000; // the sockets rest while the other contenders are driven
  server.listen(0, HOST);
  await once(server, 'listening');
  return server.address().port;
}

class Connection {
  #socket;
  #size; // of one response
  #pending = 0; // requests without a complete response
  #bytes = 0; // of an incomplete response
  #requests = 0;
  #deadline = 0;
  #done;

  constructor(socket, size) {
    this.#socket = socket;
    this.#size = size;
    socket.on('data', (chunk) => this.#receive(chunk.length));
    socket.on('close', () => this.#done?.reject(new Error('the server closed a connection')));
  }

  static async connect(port) {
    const socket = net.connect({ port, host: HOST, noDelay: true });
    await once(socket, 'connect');
    socket.write(REQUEST);
    return new Connection(socket, await responseSize(socket));
  }

  /** Drives the server until the deadline; resolves to the number of responses. */
  drive(deadline) {
    this.#deadline = deadline;
    this.#requests = 0;
    return new Promise((resolve, reject) => {
      this.#done = { resolve, reject };
      this.#send(REQUESTS_ON_THE_WAY);
    });
  }

  close() {
    this.#done = undefined;
    this.#socket.destroy();
  }

  #send(count) {
    this.#pending += count;
    this.#socket.write(BURSTS[count], 'latin1');
  }

  #receive(length) {
    this.#bytes += length;
    const complete = Math.floor(this.#bytes / this.#size);
    if (complete === 0) return;
    this.#bytes -= complete * this.#size;
    this.#requests += complete;
    this.#pending -= complete;
    if (performance.now() < this.#deadline) this.#send(complete);
    else if (this.#pending === 0) this.#finish();
  }

  #finish() {
    const { resolve, reject } = this.#done;
    this.#done = undefined;
    if (this.#bytes === 0) resolve(this.#requests);
    else reject(new Error('the responses have different lengths'));
  }
}

// Reads the first response of a connection.
async function responseSize(socket) {
  let text = '';
  for (;;) {
    const [chunk] = await once(socket, 'data');
    text += chunk.toString('latin1');
    const body = text.indexOf('\r\n\r\n') + 4;
    if (body < 4) continue;
    if (!text.startsWith('HTTP/1.1 200 ')) throw new Error(`the server answers: ${text}`);
    const size = body + Number(/content-length: (\d+)/i.exec(text)[1]);
    if (text.length === size) return size;
  }
}

class Client {
  #connections;

  constructor(connections) {
    this.#connections = connections;
  }

  static async connect(port) {
    const connections = [];
    for (let i = 0; i < CONNECTIONS; i++) connections.push(await Connection.connect(port));
    return new Client(connections);
  }

  /** Sends requests for that long; resolves to their number and the milliseconds they took. */
  async drive(milliseconds) {
    const begin = performance.now();
    const counts = await Promise.all(
      this.#connections.map((connection) => connection.drive(begin + milliseconds)),
    );
    const requests = counts.reduce((sum, count) => sum + count, 0);
    return { requests, elapsed: performance.now() - begin };
  }

  close() {
    for (const connection of this.#connections) connection.close();
  }
}

module.exports = { listen, Client };
