'use strict';

// A server of Redis' protocol that answers each command with OK.

const net = require('node:net');

/** Calls `use` with its port and what closes it. */
function startRedis(use) {
  const server = net.createServer((socket) => {
    socket.setEncoding('utf8');
    socket.on('error', () => {});
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk;
      for (let command = take(); command !== null; command = take()) {
        if (/quit/i.test(command)) socket.end('+OK\r\n');
        else socket.write('+OK\r\n');
      }
    });

    /** The next whole command: an array of strings, each after its length. */
    function take() {
      const head = /^\*(\d+)\r\n/.exec(text);
      if (head === null) return null;
      const end = Number(head[1]) * 2 + 1;
      const lines = text.split('\r\n');
      if (lines.length <= end) return null;
      text = lines.slice(end).join('\r\n');
      return lines.slice(0, end).join(' ');
    }
  });
  server.listen(0, '127.0.0.1', () => {
    use({ port: server.address().port, close: () => server.close() });
  });
}

module.exports = { startRedis };
