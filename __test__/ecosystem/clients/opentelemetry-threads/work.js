'use strict';

// What each thread does for a request: it awaits a timer, and calls the second server.

const { inSpan } = require('./tracing.js'); // before node:http
const http = require('node:http');
const { once } = require('node:events');
const { setTimeout: delay } = require('node:timers/promises');
const { REQUEST_ID } = require('../../helpers/load.js');

/** `request` has its id, and the port of the second server. */
function work(place, { id, port }) {
  return inSpan(`in a ${place}`, async () => {
    await delay(1);
    await inSpan(`in a ${place}, after an await`);
    const headers = { [REQUEST_ID]: id };
    const req = http.get({ port, host: '127.0.0.1', path: `/${place}`, headers, agent: false });
    const [res] = await once(req, 'response');
    let text = '';
    for await (const chunk of res.setEncoding('utf8')) text += chunk;
    return text;
  });
}

module.exports = { work };
