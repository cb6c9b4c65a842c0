#!/usr/bin/env node
'use strict';

// The command of the package: `npx async-hooks-rs work …`. lib/command/ has its subcommands.

const part = require('../dist/index')[Symbol.for('async-hooks-rs.part')];

const { main } = part('command/index');

main(process.argv.slice(2));
