'use strict';

// A client that sends one request to a server of the program.

const http = require('node:http');

/**
 * Resolves when the response has come.
 *
 * @param {import('node:http').Server} server
 * @param {Record<string, string | number>} headers
 * @param {string} body
 */
function post(server, headers, body, path = '/') {
  return new Promise((resolve, reject) => {
    const { port } = server.address();
    http
      .request({ port, host: '127.0.0.1', path, method: 'POST', headers, agent: false })
      .on('response', (response) => response.resume().on('end', resolve))
      .on('error', reject)
      .end(body);
  });
}

module.exports = { post };
