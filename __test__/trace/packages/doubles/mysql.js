'use strict';

// A server of MySQL's protocol, by mysql2 itself, that answers each query with one row.

const { createServer, Charsets } = require('mysql2');

// Of the capabilities of the protocol's first 24 bits: all but compression and TLS.
const CAPABILITIES = 0xff_ffff & ~0x20 & ~0x800;

/** Calls `use` with its port and what closes it. */
function startMysql(use) {
  const server = createServer();
  let connections = 0;
  server.on('connection', (connection) => {
    connection.serverHandshake({
      protocolVersion: 10,
      serverVersion: '8.0.0',
      connectionId: ++connections,
      statusFlags: 2,
      characterSet: Charsets.UTF8_GENERAL_CI,
      capabilityFlags: CAPABILITIES,
    });
    connection.on('query', (sql) => {
      const column = {
        catalog: 'def',
        schema: 'test',
        table: 'test',
        orgTable: 'test',
        name: 'text',
        orgName: 'text',
        characterSet: Charsets.UTF8_GENERAL_CI,
        columnLength: 100,
        columnType: 253,
        flags: 0,
        decimals: 0,
      };
      connection.writeTextResult([{ text: sql }], [column]);
    });
    connection.on('error', () => {});
  });
  server.listen(0, '127.0.0.1', () => {
    const { port } = server._server.address();
    use({ port, close: () => server.close() });
  });
}

module.exports = { startMysql };
