#!/usr/bin/env node
'use strict';

// The command of the package: `npx async-hooks-rs work …`. lib/command/ has its subcommands.

const { main } = require('../dist/index')('command/index');

main(process.argv.slice(2));
