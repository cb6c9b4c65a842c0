'use strict';

// Where tasks report that they run, and wait until they may go on: fixtures/gate.mjs is their side.

const net = require('node:net');
const { once } = require('node:events');

class Gate {
  #server = net.createServer((socket) => this.#arrive(socket));
  #sockets = new Map();
  #waiting = new Map();

  static async open(test) {
    const gate = new Gate();
    gate.#server.listen(0, '127.0.0.1');
    await once(gate.#server, 'listening');
    test.after(() => {
      for (const list of gate.#sockets.values()) for (const socket of list) socket.destroy();
      gate.#server.close();
    });
    return gate;
  }

  get port() {
    return this.#server.address().port;
  }

  #arrive(socket) {
    socket.on('error', () => {}); // the thread may be stopped
    socket.setEncoding('utf8').once('data', (name) => {
      const list = this.#sockets.get(name) ?? [];
      this.#sockets.set(name, [...list, socket]);
      this.#waiting.get(name)?.();
    });
  }

  /** Fulfilled when the task of this name runs, or has run that many times. */
  async arrival(name, times = 1) {
    while ((this.#sockets.get(name)?.length ?? 0) < times) {
      await new Promise((resolve) => {
        this.#waiting.set(name, resolve);
      });
    }
  }

  /** Fulfilled when the thread that runs the task has stopped. */
  async gone(name) {
    const [socket] = this.#sockets.get(name);
    if (!socket.closed) await once(socket, 'close');
  }

  /** Lets the task go on, wherever it runs. */
  release(name) {
    for (const socket of this.#sockets.get(name)) socket.end('go');
  }
}

module.exports = { Gate };
