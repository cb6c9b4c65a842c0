'use strict';

// The built site in a real Chromium: a server for its files, and a browser to open them.

const fs = require('node:fs');
const http = require('node:http');
const path = require('node:path');
const { once } = require('node:events');
const { openChromium } = require('../scripts/chromium.js');

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
  '.txt': 'text/plain; charset=utf-8',
  '.md': 'text/markdown; charset=utf-8',
};

/** All files of the folder, as paths of their URLs. */
function filesOf(folder) {
  return fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath ?? entry.path, entry.name)))
    .map((file) => `/${file.replaceAll(path.sep, '/')}`)
    .sort();
}

/** Serves just the files that are there. Gives the server and its origin. */
async function serve(folder) {
  const files = new Set(filesOf(folder));
  const server = http.createServer((req, res) => {
    const { pathname } = new URL(req.url, 'http://localhost');
    const file = pathname.endsWith('/') ? `${pathname}index.html` : pathname;
    if (!files.has(file)) return res.writeHead(404).end();
    res.writeHead(200, { 'content-type': TYPES[path.extname(file)] ?? 'application/octet-stream' });
    return fs.createReadStream(path.join(folder, file)).pipe(res);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return { server, origin: `http://127.0.0.1:${server.address().port}` };
}

/** Runs `use(browser, origin)` with the site, and ends browser and server. */
async function withSite(folder, use) {
  const playwright = require('playwright-core'); // it may have been installed a moment ago
  const { server, origin } = await serve(folder);
  const browser = await openChromium(playwright);
  try {
    return await use(browser, origin);
  } finally {
    await browser.close();
    server.close();
    server.closeAllConnections();
  }
}

/** The paths of the pages. */
const pagesOf = (folder) => filesOf(folder).filter((file) => file.endsWith('.html'));

module.exports = { withSite, pagesOf };
