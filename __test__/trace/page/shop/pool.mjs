import net from 'node:net';

/** One connection for all requests; their callbacks wait in a queue. */
export class Pool {
  #waiting = [];
  #socket;

  constructor(port) {
    this.#socket = net.connect(port).setEncoding('utf8');
    this.#socket.on('data', (rows) => {
      for (const row of rows.trim().split('\n')) {
        const callback = this.#waiting.shift();
        callback(null, row);
      }
    });
  }

  query(sql, callback) {
    this.#waiting.push(callback);
    this.#socket.write(`${sql}\n`);
  }

  end() {
    this.#socket.end();
  }
}
