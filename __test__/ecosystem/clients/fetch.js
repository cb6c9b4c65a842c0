'use strict';

// Node's own fetch(), against a server that answers when it knows all requests of the wave: bodies
// that are read in every way, bodies that are streamed to the server, aborts.

const { AsyncResource } = require('node:async_hooks');
const http = require('node:http');
const { Readable } = require('node:stream');
const { REQUESTS, barrier, print, see, wave, waves } = require('../helpers/requests.js');
const load = require('../helpers/load.js');

const all = barrier();
const arrived = barrier(REQUESTS);

const server = http.createServer(async (req, res) => {
  const id = req.headers['x-request-id'];
  if (req.url === '/wait') return;
  if (req.url === '/redirect') {
    res.writeHead(307, { location: '/' }).end();
    return;
  }
  const body = await req.toArray();
  if (req.url === '/together') await arrived();
  res.write(`"${id}`);
  if (req.url === '/cut') {
    setImmediate(() => res.destroy());
    return;
  }
  setImmediate(() => res.end(`${Buffer.concat(body)}"`));
});

const READERS = {
  text: (response) => response.text(),
  json: (response) => response.json(),
  arrayBuffer: (response) => response.arrayBuffer(),
  blob: (response) => response.blob(),
  clone: async (response) => {
    const copy = response.clone();
    await response.text();
    return copy.text();
  },
};

function fetcher(port) {
  return (id, path, init) =>
    fetch(`http://127.0.0.1:${port}${path}`, { headers: { 'x-request-id': id }, ...init });
}

async function answers(send) {
  for (const [name, read] of Object.entries(READERS)) {
    await waves(name, async (id) => {
      const response = await send(id, '/together');
      see('await fetch()', id);
      await read(response);
      see(`await of ${name}()`, id);
    });
  }
  await waves('iterate', async (id) => {
    const { body } = await send(id, '/together');
    for await (const chunk of body) see('for await of a body', chunk && id);
    see('after for await of a body', id);
  });
  await waves('pipe', async (id) => {
    const { body } = await send(id, '/together');
    const decoder = new TransformStream({
      transform(chunk, controller) {
        see('transform() of a body', id);
        controller.enqueue(chunk);
      },
      flush: () => see('flush() of the transform', id),
    });
    await body
      .pipeThrough(decoder)
      .pipeTo(
        new WritableStream({
          write: () => see('write() of the sink', id),
          close: () => see('close() of the sink', id),
        }),
      );
    see('await pipeTo()', id);
  });
  await waves('readable', async (id) => {
    const { body } = await send(id, '/together');
    const readable = Readable.fromWeb(body);
    readable.on('data', () => see("'data' of Readable.fromWeb()", id));
    await new Promise((resolve) => readable.on('end', resolve));
    see("await of 'end' of Readable.fromWeb()", id);
  });
}

async function bodies(send) {
  await waves('pull', async (id) => {
    let parts = 2;
    const body = new ReadableStream({
      pull(controller) {
        see('pull() of a body that is sent', id);
        if (parts-- > 0) controller.enqueue(Buffer.from('some'));
        else controller.close();
      },
    });
    const response = await send(id, '/', { method: 'POST', body, duplex: 'half' });
    see('await fetch() that streams a body', id);
    await response.text();
  });
  await waves('generate', async (id) => {
    async function* generate() {
      see('generator of a body, start', id);
      yield Buffer.from('some');
      see('generator of a body, going on', id);
    }
    const response = await send(id, '/', { method: 'POST', body: generate(), duplex: 'half' });
    await response.text();
  });
  await waves('form', async (id) => {
    const body = new FormData();
    body.set('file', new Blob(['some']), 'file');
    const response = await send(id, '/redirect', { method: 'POST', body });
    see('await fetch() that is redirected', id);
    await response.text();
    see('await of what came after a redirection', id);
  });
}

async function failures(send) {
  await waves('abort', async (id) => {
    const controller = new AbortController();
    const { signal } = controller;
    const listen = (point) => () => see(`listener of 'abort'${point}`, id);
    signal.addEventListener('abort', listen(''));
    signal.addEventListener('abort', AsyncResource.bind(listen(', bound')));
    const sent = send(id, '/wait', { signal });
    await all();
    setImmediate(() => controller.abort());
    await sent.catch(({ name }) => see(`catch() of ${name}`, id));
  });
  await wave('timeout', (id) =>
    send(id, '/wait', { signal: AbortSignal.timeout(1) }).catch(({ name }) =>
      see(`catch() of ${name}`, id),
    ),
  );
  await wave('cut', async (id) => {
    const response = await send(id, '/cut');
    await response.text().catch(() => see('catch() of a body that was cut off', id));
  });
  await wave('refused', (id) =>
    fetch('http://127.0.0.1:1/').catch(() => see('catch() of a refused connection', id)),
  );
  // One signal for all, which the first request aborts.
  const shared = new AbortController();
  shared.signal.addEventListener('abort', () => see("listener of a shared 'abort'", 'shared.0'));
  await wave('shared', async (id) => {
    const sent = send(id, '/wait', { signal: shared.signal });
    await all();
    shared.abort();
    await sent.catch(() => see('catch() after a shared abort', id));
  });
}

async function main() {
  const send = fetcher(await load.listen(server));
  await answers(send);
  await bodies(send);
  await failures(send);
  server.closeAllConnections();
  await load.close(server);
  print();
}

main();
