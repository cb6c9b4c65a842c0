'use strict';

// A registry on this machine that has only what is published to it. A process of its own, because
// whoever uses it waits for npm: posts its address to its parent.

const fs = require('node:fs');
const path = require('node:path');
const { runServer } = require('verdaccio');

const [folder] = process.argv.slice(2);

async function main() {
  const config = path.join(folder, 'config.yaml'); // JSON is YAML
  fs.writeFileSync(
    config,
    JSON.stringify({
      storage: path.join(folder, 'storage'),
      packages: { '**': { access: '$all', publish: '$all', unpublish: '$all' } },
      log: { type: 'stdout', format: 'pretty', level: 'error' },
      max_body_size: '100mb',
    }),
  );
  const server = await runServer(config);
  server.listen(0, '127.0.0.1', () => {
    process.send(`http://127.0.0.1:${server.address().port}/`);
  });
  process.once('disconnect', () => process.exit());
}

main();
