'use strict';

// Installs every Node version, Bun and Deno, for scripts that need them and run at the same time:
// each of them would install what is missing, into the same folders.

const { nodeVersions } = require('./node-versions.js');
const { runtimeBinaries } = require('./runtime-binaries.js');

for (const binary of nodeVersions().values()) console.log(binary);
for (const { binary } of runtimeBinaries()) console.log(binary);
