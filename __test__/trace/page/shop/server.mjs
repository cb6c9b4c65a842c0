// A service that loses the context of its requests in two ways. It sends its requests itself.

import http from 'node:http';
import net from 'node:net';
import { once } from 'node:events';
import { requests } from './log.mjs';
import { handle } from './orders.mjs';
import { Pool } from './pool.mjs';
import { Rates } from './rates.mjs';

const URLS = ['/order/1', '/rate', '/order/2', '/rate', '/order/3'];

const database = net.createServer((socket) => socket.pipe(socket)).listen(0);
await once(database, 'listening');
const services = { pool: new Pool(database.address().port), rates: new Rates() };

const server = http.createServer((req, res) => {
  requests.run({ id: req.headers['x-id'] }, () => handle(services, req, res));
});
await once(server.listen(0), 'listening');

const { port } = server.address();
const answers = URLS.map((url, i) => {
  const headers = { 'x-id': 'abcde'[i] };
  return fetch(`http://localhost:${port}${url}`, { headers }).then((answer) => answer.text());
});
await Promise.all(answers);
server.close();
server.closeAllConnections();
services.pool.end();
database.close();
