'use strict';

// A server of PostgreSQL's protocol that lets everybody in and answers each query with no rows.

const net = require('node:net');

/** A message: its letter, its length, and what it says. */
function message(letter, ...parts) {
  const body = Buffer.concat(parts);
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length + 4);
  return Buffer.concat([Buffer.from(letter), length, body]);
}

const AUTHENTICATED = message('R', Buffer.alloc(4));
const READY = message('Z', Buffer.from('I'));
const COMPLETE = message('C', Buffer.from('SELECT 0\0'));
const NO_COLUMNS = message('T', Buffer.alloc(2));

/** Calls `use` with its port and what closes it. */
function startPostgresql(use) {
  const server = net.createServer((socket) => {
    let known = false;
    let bytes = Buffer.alloc(0);
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      bytes = Buffer.concat([bytes, chunk]);
      // The first message has no letter.
      let start = known ? 1 : 0;
      while (bytes.length >= start + 4 && bytes.length >= start + bytes.readInt32BE(start)) {
        const letter = known ? String.fromCharCode(bytes[0]) : 'start';
        bytes = bytes.subarray(start + bytes.readInt32BE(start));
        answer(letter);
        start = 1;
      }
    });

    function answer(letter) {
      if (letter === 'start') {
        known = true;
        socket.write(Buffer.concat([AUTHENTICATED, READY]));
      } else if (letter === 'Q') socket.write(Buffer.concat([NO_COLUMNS, COMPLETE, READY]));
      else if (letter === 'X') socket.end();
    }
  });
  server.listen(0, '127.0.0.1', () => {
    use({ port: server.address().port, close: () => server.close() });
  });
}

module.exports = { startPostgresql };
