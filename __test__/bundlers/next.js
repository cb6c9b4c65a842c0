'use strict';

// An application of Next.js without any configuration of the package, built by both of its
// bundlers and started.

const assert = require('node:assert');
const { execFileSync, spawn } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

module.exports = ({ work, binaries }) => {
  const node = [...binaries.values()].at(-1);
  const app = path.join(work, 'next');
  const next = require.resolve('next/dist/bin/next');
  const env = { ...process.env, NODE_OPTIONS: '', NEXT_TELEMETRY_DISABLED: '1' };

  // The folder in which Next looks for packages; else it takes that of the outermost lock file.
  function configure() {
    const folder = JSON.stringify(__dirname);
    fs.writeFileSync(
      path.join(app, 'next.config.mjs'),
      'export default { ' + `outputFileTracingRoot: ${folder}, turbopack: { root: ${folder} } };\n`,
    );
  }

  const headers = { 'x-request-id': 'a1' };

  async function answers(urls) {
    const server = spawn(node, [next, 'start', '--port', '0', '--hostname', '127.0.0.1'], {
      cwd: app,
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      const origin = await new Promise((resolve, reject) => {
        let printed = '';
        server.once('error', reject);
        server.once('exit', () => reject(new Error(`next start ended:\n${printed}`)));
        server.stdout.on('data', (chunk) => {
          printed += chunk;
          // A chunk may end within the port: something follows it.
          const [found] = /http:\/\/127\.0\.0\.1:\d+(?=\D)/.exec(printed) ?? [];
          if (found !== undefined) resolve(found);
        });
      });
      const responses = [];
      for (const url of urls) {
        responses.push(await (await fetch(`${origin}${url}`, { headers })).text());
      }
      return responses;
    } finally {
      server.kill();
    }
  }

  return ['--turbopack', '--webpack'].map((builder) => ({
    name: `next ${builder}`,
    async check() {
      configure();
      fs.rmSync(path.join(app, '.next'), { recursive: true, force: true });
      const printed = execFileSync(node, [next, 'build', builder], {
        cwd: app,
        env,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      assert.doesNotMatch(printed, /async-hooks-rs|critical dependency|can't resolve/i);
      assert.deepStrictEqual(await answers(['/context', '/pool', '/guide']), [
        '["store"]',
        '[142]',
        'a1',
      ]);
    },
  }));
};
