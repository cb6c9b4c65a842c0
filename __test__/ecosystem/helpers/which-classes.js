'use strict';

// Preloaded into each program: says on standard error, when it ends, whose classes
// require('node:async_hooks') gave it. The harness would otherwise believe the flags.

process.on('exit', () => {
  const { AsyncLocalStorage } = require('node:async_hooks');
  const stack = new AsyncLocalStorage().run(0, () => new Error('who called').stack);
  // Line 0 is the message, line 1 the function above, line 2 or later the class.
  const below = stack.split('\n').slice(2).join('\n');
  const ours = /async-local-storage\.js/.test(below);
  const builtIn = /async_local_storage|node:async_hooks/.test(below) && !ours;
  const answer = ours ? 'ours' : builtIn ? 'built-in' : `unknown:\n${below}`;
  process.stderr.write(`ecosystem: the classes are ${answer}\n`);
});
